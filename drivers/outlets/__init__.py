"""Where messages can be delivered outside: mail, Telegram, web hooks.

Registered by the hook outlets(). Each call waits for one server until its deadline, and holds no connection afterwards.
"""
