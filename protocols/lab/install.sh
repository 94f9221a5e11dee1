#!/bin/sh
# Installs the Debian packages of packages.txt that are missing. It does
# nothing unless root and apt are there. When something stays missing, that
# is an error only where a skipped test is one: under CI=true or LAB=all.
set -u
cd "$(dirname "$0")" || exit 1

missing() {
	while read -r package; do
		dpkg-query -W -f='${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || echo "$package"
	done <packages.txt
}

# Packages of servers start them when they are installed, unless this says no.
policy=/usr/sbin/policy-rc.d

# A news server is not installed where the name of the machine has no domain.
named() {
	if unshare --uts true 2>/dev/null; then
		unshare --uts sh -c 'hostname lab.test; exec "$@"' - "$@"
	else
		"$@"
	fi
}

install() {
	named apt-get -qq -y --no-install-recommends -o DPkg::Lock::Timeout=120 install "$@" </dev/null
}

# One package that apt does not know must not keep the others away.
install_all() {
	export DEBIAN_FRONTEND=noninteractive
	if [ ! -e "$policy" ]; then
		trap 'rm -f "$policy"' EXIT
		trap 'exit 130' INT TERM
		printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod 755 "$policy"
	fi
	apt-get -qq update </dev/null
	install "$@" || for package; do install "$package"; done
}

command -v dpkg-query >/dev/null || exit 0 # not Debian; Need tells what is missing

need=$(missing)
[ -n "$need" ] || exit 0

if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
	log=$(mktemp)
	# shellcheck disable=SC2086 # one word for each package
	install_all $need >"$log" 2>&1
	need=$(missing)
	[ -z "$need" ] || cat "$log" >&2
	rm -f "$log"
	[ -n "$need" ] || exit 0
fi

echo "lab: not installed:" $need >&2
[ "${CI:-}" != true ] && [ "${LAB:-}" != all ]
