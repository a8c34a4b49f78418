"""The owner of rules that act. May read views; commands devices through their gateways, writes through the recorder."""
