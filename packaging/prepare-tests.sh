#!/bin/sh
# What the tests need beside Python: a browser, libmodbus' mbpoll, socat, a C compiler, and Node.js for the pages' scripts.
# Installs what is missing where it may (root and apt-get), else says what is missing. Never fails.
set -u

missing() {
    command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null \
        || echo chromium
    command -v mbpoll >/dev/null || echo mbpoll
    command -v socat >/dev/null || echo socat
    command -v gcc >/dev/null || echo gcc
    [ -e /usr/include/dlfcn.h ] || echo libc6-dev
    command -v node >/dev/null || echo nodejs
    command -v npm >/dev/null || echo npm
}

wanted=$(missing | tr '\n' ' ')
[ -n "$wanted" ] || exit 0

if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
    echo "== prepare: installing $wanted"
    export DEBIAN_FRONTEND=noninteractive
    apt-get -qq update >/dev/null || echo "apt-get update failed" >&2
    for package in $wanted; do
        apt-get -qq -y --no-install-recommends -o Dpkg::Use-Pty=0 install "$package" >/dev/null \
            || echo "apt-get could not install $package" >&2
    done
fi

left=$(missing | tr '\n' ' ')
[ -z "$left" ] || cat >&2 <<MISSING
== prepare: missing: $left
   What needs them cannot run here. On Debian: sudo apt-get install $left
MISSING
exit 0
