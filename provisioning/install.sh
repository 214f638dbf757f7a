#!/bin/bash
# Makes a machine that already runs Raspberry Pi OS or Debian a box. Run again it changes only what is not so yet. One file,
# although it is long: it is carried on a stick beside the package.
set -euo pipefail

usage() {
  cat <<'TEXT'
sudo ./install.sh [options]

Checks the machine, verifies the package beside this script (checksum and
signature), installs it and sets the machine up: service, hardware watchdog,
logs in memory, nightly backup, USB stick for backups, balai.local.

  --dry-run             say what would be done, and change nothing
  --screen display|kiosk|none
                        show this page on the machine's own HDMI, for ever
  --rotate 90|180|270   turn that screen (portrait: 90 or 270)
  --flows yes|no        with Node-RED for the village's own flows; without this
                        word on machines with 1 GB of memory or more
  --encrypt PARTITION --key usb|otp
                        keep the data on this partition, encrypted: everything
                        on it is lost, see balai-vault --help
  --from FOLDER         where package, SHA256SUMS and signatures are
  --release-key FILE    public key of whoever built the package; afterwards the
                        machine takes updates signed by this key only
  --downgrade           install the package although a newer one is installed
  --uninstall           take the program away; data and settings stay

Exit codes: 0 done; 1 not possible, with the reason; 64 wrong words.
TEXT
}

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# A test shows another machine than the one that it runs on.
machine=${BALAI_MACHINE:-}
dry=no
# What the package has for /etc of a box.
settings=(
  systemd/journald.conf.d/balai.conf
  systemd/system.conf.d/balai.conf
  NetworkManager/conf.d/balai.conf
  NetworkManager/dnsmasq-shared.d/balai.conf
  modprobe.d/balai.conf
  sysctl.d/balai.conf
)
# For the screen's browser only: a PC without one has a person's browser there.
screen_settings=(chromium/policies/managed/balai.json)
online=yes
box_programs=(avahi-daemon avahi-utils network-manager dnsmasq-base mpg123)
screen_programs=(cage chromium wlr-randr fonts-dejavu-core)
screen='' rotate=normal partition='' vault_key='' from=$here key='' flows='' flow_package='' uninstall=no downgrade=no

main() {
  read_words "$@"
  [ "$(id -u)" -eq 0 ] || [ "$dry" = yes ] || fail 'Run this with sudo.'
  if [ "$uninstall" = yes ]; then
    remove_program
    return
  fi
  check_system
  check_memory
  check_storage
  check_power
  verify_package
  look_for_internet
  install_packages
  set_machine_up
  set_vault_up
  set_screen_up
  start_box
}

read_words() {
  while [ $# -gt 0 ]; do
    case $1 in
      --help | -h) usage && exit 0 ;;
      --dry-run) dry=yes ;;
      --uninstall) uninstall=yes ;;
      --downgrade) downgrade=yes ;;
      --screen | --rotate | --flows | --encrypt | --key | --from | --release-key)
        [ $# -ge 2 ] || wrong "$1 needs a word after it."
        case $1 in
          --screen) screen=$2 ;;
          --rotate) rotate=$2 ;;
          --flows) flows=$2 ;;
          --encrypt) partition=$2 ;;
          --key) vault_key=$2 ;;
          --from) from=$2 ;;
          --release-key) key=$2 ;;
        esac
        shift
        ;;
      *) wrong "There is no option $1." ;;
    esac
    shift
  done
  [[ $screen =~ ^(display|kiosk|none|)$ ]] || wrong "--screen is display, kiosk or none, not $screen."
  [[ $rotate =~ ^(normal|90|180|270)$ ]] || wrong "--rotate is 90, 180 or 270, not $rotate."
  [[ $flows =~ ^(yes|no|)$ ]] || wrong "--flows is yes or no, not $flows."
  [ -z "$partition" ] || [[ $vault_key =~ ^(usb|otp)$ ]] || wrong '--encrypt needs --key usb or --key otp.'
}

check_system() {
  # cage 0.1 of Debian 12 ends at once where Xwayland is missing, which Debian only recommends.
  ! is_debian 12 || screen_programs+=(xwayland)
  local id='' version='' model
  # shellcheck source=/dev/null
  [ ! -r "$machine/etc/os-release" ] || { id=$(. "$machine/etc/os-release" && echo "${ID:-}") && version=$(. "$machine/etc/os-release" && echo "${VERSION_ID:-0}"); }
  [[ $id =~ ^(debian|raspbian)$ && ${version%%.*} -ge 12 ]] || fail "This needs Debian or Raspberry Pi OS 12 or newer, not ${id:-an unknown system} $version."
  architecture=${BALAI_ARCHITECTURE:-$(dpkg --print-architecture)}
  [[ $architecture =~ ^(amd64|arm64)$ ]] || fail "This is a system for $architecture. Write the 64-bit Raspberry Pi OS on the card."
  [ -z "$(installed_version balai-hub)" ] || fail 'This machine is the hub of a regency (package balai-hub): a machine is a box or a hub. Use another one, or take that away first: sudo apt remove balai-hub'
  model=$(cat "$machine/proc/device-tree/model" "$machine/sys/class/dmi/id/product_name" 2>/dev/null | tr -d '\0') || true
  model=${model:-unknown}
  say "machine: $model, $id $version, $architecture"
  case $model in
    *'Raspberry Pi '[12]' '* | *'Pi Zero W'* | *'Pi Zero Rev'*) fail "A $model is too slow. Use a Raspberry Pi 3, 4, 5 or Zero 2 W." ;;
  esac
}

check_memory() {
  local kb
  kb=$(awk '/^MemTotal:/ { print $2 }' "$machine/proc/meminfo")
  say "memory: $((kb / 1000)) MB"
  # A Pi with one gigabyte gives some of it to its graphics.
  if [ -z "$flows" ]; then
    flows=$([ "$kb" -ge 850000 ] || [ -n "$(installed_version balai-flows)" ] && echo yes || echo no)
  fi
  [ "$kb" -ge 400000 ] || fail "$((kb / 1000)) MB of memory are too little: a box needs 512 MB."
  if [[ $screen =~ ^(display|kiosk)$ && $kb -lt 850000 ]]; then
    fail "$((kb / 1000)) MB of memory are too little for a browser beside the box: --screen needs 1 GB. Open /$screen on another device instead."
  fi
}

check_storage() {
  local free
  free=${BALAI_FREE_KB:-$(df --output=avail -k "$(closest /var/lib/balai)" | tail -n 1)}
  say "storage: $((free / 1000)) MB free"
  [ "$free" -ge 1500000 ] || fail "$((free / 1000)) MB free are too little: a box needs 1.5 GB, and 8 GB for years."
}

check_power() {
  local file word
  for file in "$machine"/sys/devices/platform/soc*/soc*firmware/get_throttled; do
    [ -r "$file" ] || continue
    word=$((16#$(<"$file")))
    ((word & 1)) && fail 'The power supply is too weak now: the card may be damaged. Use the original adapter and a short cable.'
    ((word & 0x10000)) && say 'power: WARNING, it was too weak since the machine was switched on. Use the original adapter.' && return
    say 'power: enough since the machine was switched on'
    return
  done
  say 'power: this machine cannot say'
}

verify_package() {
  local pinned=/etc/balai/release.pub file
  package=$(find "$from" -maxdepth 1 -name "balai_*_$architecture.deb" 2>/dev/null | sort -V | tail -n 1)
  [ -n "$package" ] || fail "There is no balai_…_$architecture.deb in $from."
  if [ -z "$key" ]; then key=$([ -e $pinned ] && echo $pinned || echo "$from/release.pub"); fi
  [ -r "$key" ] || fail "There is no release key $key."
  [ ! -e $pinned ] || cmp -s "$key" $pinned || fail "This machine takes packages signed by $pinned only. Remove that file if whoever builds them has changed."
  command -v openssl >/dev/null || fail 'openssl is missing: apt-get install openssl'
  [ -r "$from/SHA256SUMS" ] || fail "There is no SHA256SUMS in $from: copy it there from the same build as the package."
  if [ "$flows" = yes ]; then
    flow_package=$(find "$from" -maxdepth 1 -name "balai-flows_$(dpkg-deb --field "$package" Version)_all.deb" 2>/dev/null)
    [ -n "$flow_package" ] || say 'flows: there is no balai-flows_…_all.deb of this version beside the package; the box goes without'
  fi
  for file in "$package" ${flow_package:+"$flow_package"}; do verify_file "$file"; done
  say "release key: $(openssl pkey -pubin -in "$key" -outform DER | sha256sum | cut -c 1-16); compare it with whoever gave you the package"
}

verify_file() {
  local name sum
  name=$(basename "$1")
  sum=$(sha256sum "$1" | cut -d ' ' -f 1)
  grep -qx "$sum  $name" "$from/SHA256SUMS" || fail "$name is damaged: its checksum is not in SHA256SUMS."
  openssl pkeyutl -verify -pubin -inkey "$key" -rawin -in "$1" -sigfile "$1.sig" >/dev/null 2>&1 ||
    fail "$name was not signed by the holder of $key."
  say "package: $name, checksum and signature are right"
}

# What Debian has to send is known, and fetched, before anything is changed: an office without internet is not left half done.
look_for_internet() {
  local needed screen_needed=() at_hand=("${box_programs[@]}")
  [ -z "$partition" ] || at_hand+=(cryptsetup-bin)
  mapfile -t needed < <(list_missing "${at_hand[@]}")
  [[ ! $screen =~ ^(display|kiosk)$ ]] || mapfile -t screen_needed < <(list_missing "${screen_programs[@]}")
  if [ ${#needed[@]} -eq 0 ] && [ ${#screen_needed[@]} -eq 0 ]; then return; fi
  say "internet: needed for ${needed[*]} ${screen_needed[*]}"
  [ "$dry" = no ] || return 0
  if fetch "${needed[@]}" "${screen_needed[@]}"; then return; fi
  online=no
  if list_missing cryptsetup-bin | grep -q . && [ -n "$partition" ]; then
    fail 'Packages of Debian cannot be fetched, and --encrypt needs one. Run this again where there is internet.'
  fi
  say 'internet: WARNING, packages of Debian cannot be fetched. The box is set up and works without them; run this again where there is internet.'
}

# An older list of what Debian has may do; a newer one is asked for where it does not.
fetch() {
  apt-get install -y -qq --no-install-recommends --download-only "$@" >/dev/null 2>&1 ||
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends --download-only "$@"; } >/dev/null 2>&1
}

# A version names its build, and the package's checksums say whether it is that build. The flows go with the version of the
# program: both are installed in one step.
install_packages() {
  local new old both=("$package" ${flow_package:+"$flow_package"})
  new=$(dpkg-deb --field "$package" Version)
  old=$(installed_version balai)
  if [ -z "$flow_package" ] && [ -n "$(installed_version balai-flows)" ]; then
    run 'take the flows away' apt-get remove -y -qq balai-flows
  fi
  if [ -z "$old" ]; then
    run "install balai $new" apt_install "${both[@]}"
  elif [ "$old" = "$new" ] && is_installed_whole balai "$package"; then
    say "balai $new is installed, whole and the same as the package"
  elif [ "$old" = "$new" ]; then
    run "install balai $new again: what is installed is not what the package holds" apt_install --reinstall "${both[@]}"
  elif dpkg --compare-versions "$old" lt "$new"; then
    run "upgrade balai from $old to $new" apt_install "${both[@]}"
  elif [ "$downgrade" = yes ]; then
    run "downgrade balai from $old to $new" apt_install --allow-downgrades "${both[@]}"
  else
    fail "balai $old is installed, which is newer than $new beside this script. With --downgrade the older one is installed; it refuses data that the newer one has changed."
  fi
  if [ -n "$flow_package" ] && ! { [ "$(installed_version balai-flows)" = "$new" ] && is_installed_whole balai-flows "$flow_package"; }; then
    run "install balai-flows $new" apt_install --reinstall "$flow_package"
  fi
  install_missing "${box_programs[@]}"
  put "$key" /etc/balai/release.pub 0644
}

installed_version() {
  [[ $(dpkg-query -W -f '${Status}' "$1" 2>/dev/null) != *' ok installed' ]] || dpkg-query -W -f '${Version}' "$1"
}

# Whether the installed files are those of the package: dpkg's list of their checksums is the package's, and each holds.
is_installed_whole() {
  dpkg-deb --ctrl-tarfile "$2" | tar -xO ./md5sums | cmp -s - "/var/lib/dpkg/info/$1.md5sums" &&
    [ -z "$(dpkg --verify "$1")" ]
}

apt_install() { apt-get install -y -qq --no-install-recommends "$@"; }

set_machine_up() {
  local folder=/usr/share/balai/box/etc file
  for file in "${settings[@]}"; do
    put "$folder/$file" "/etc/$file" 0644
  done
  # Of which village the box is, its enrolment file says.
  [ -e /etc/balai/balai.toml ] || write /etc/balai/balai.toml 'data = "/var/lib/balai"' 'enrolment_folders = ["/var/lib/balai/inbox", "/media/balai"]'
  # balai.local, by avahi.
  [ "$(cat /etc/hostname 2>/dev/null)" = balai ] || write /etc/hostname balai
  name_in_hosts
  [ -d /media/balai ] || run 'make the folder for the USB stick' install -d -m 0755 /media/balai
  enable balai.service balai-backup.timer media-balai.mount balai-network.path balai-network.service \
    balai-attached-screen.path balai-attached-screen.service
  [ -z "$flow_package" ] || enable balai-flows.service
}

# Without its own name there, sudo waits for a name server at each command.
name_in_hosts() {
  ! grep -qE '^127\.0\.1\.1[[:space:]]+balai([[:space:]]|$)' /etc/hosts 2>/dev/null || return 0
  [ ! -e /etc/hosts ] || run 'take the old name out of /etc/hosts' sed -i '/^127\.0\.1\.1[[:space:]]/d' /etc/hosts
  run 'write its name into /etc/hosts' sh -c 'printf "127.0.1.1\tbalai\n" >>/etc/hosts'
}

set_vault_up() {
  [ -n "$partition" ] || return 0
  install_missing cryptsetup-bin
  if [ ! -e /etc/balai/vault ]; then
    run "encrypt $partition" balai-vault create "$partition" --key "$vault_key" --yes
  fi
  write /etc/balai/vault "BALAI_PARTITION=$partition" "BALAI_KEY=$vault_key"
  enable balai-vault.service
}

set_screen_up() {
  local file
  # What was chosen on the technician's page before: whoever speaks last is heard.
  [ -z "$screen" ] || [ ! -e /var/lib/balai/attached-screen ] || run 'forget what a page has chosen for it' rm /var/lib/balai/attached-screen
  case $screen in
    '') ;;
    none)
      [ ! -e /etc/balai/screen ] || run 'take the screen away' rm /etc/balai/screen
      ;;
    *)
      if [ "$online" = no ] && [ -n "$(list_missing "${screen_programs[@]}")" ]; then
        say "screen: WARNING, it is left out: ${screen_programs[*]} are not here. Run this again where there is internet."
        return
      fi
      install_missing "${screen_programs[@]}"
      id balai-screen >/dev/null 2>&1 ||
        run 'make the user balai-screen' adduser --system --group --quiet --home /var/lib/balai-screen --no-create-home balai-screen
      for file in "${screen_settings[@]}"; do
        put "/usr/share/balai/box/etc/$file" "/etc/$file" 0644
      done
      write /etc/balai/screen "BALAI_PAGE=$screen" "BALAI_ROTATE=$rotate"
      enable balai-screen.service
      ;;
  esac
}

start_box() {
  if [ -d /run/systemd/system ]; then
    run 'start it' systemctl daemon-reload
    run 'logs to memory' systemctl restart systemd-journald
    run 'set its name' hostnamectl hostname balai
    [ -n "$(list_missing avahi-daemon)" ] || run 'names' systemctl restart avahi-daemon
    run 'network' systemctl restart balai-network.path balai-network.service
    run 'what the screen shows' systemctl restart balai-attached-screen.path balai-attached-screen.service
    # Raspberry Pi OS blocks Wi-Fi until a country is set; the module may be loaded already.
    ! ls /sys/class/ieee80211/* >/dev/null 2>&1 || run 'let Wi-Fi in, by the rules of Indonesia' sh -c '! command -v iw >/dev/null || iw reg set ID; nmcli radio wifi on'
    run 'start balai' systemctl restart balai.service
    [ ! -e /etc/balai/screen ] || run 'start the screen' systemctl restart balai-screen.service
  fi
  [ "$dry" = yes ] || say "done, balai $(dpkg-query -W -f '${Version}' balai). What the box needs now: sudo balai doctor"
}

remove_program() {
  local file
  for file in "${settings[@]}" "${screen_settings[@]}" balai/screen; do
    [ ! -e "/etc/$file" ] || run "remove /etc/$file" rm "/etc/$file"
  done
  [ -z "$(installed_version balai-flows)" ] || run 'take the flows away' apt-get remove -y -qq balai-flows
  if dpkg-query -W balai >/dev/null 2>&1; then
    run 'take the units away' systemctl disable --quiet balai.service balai-backup.timer media-balai.mount balai-network.path balai-network.service balai-attached-screen.path balai-attached-screen.service balai-screen.service balai-vault.service
    run 'take the program away' apt-get remove -y -qq balai
  fi
  say 'The data in /var/lib/balai and the settings in /etc/balai stay.'
}

install_missing() {
  local missing
  mapfile -t missing < <(list_missing "$@")
  if [ ${#missing[@]} -eq 0 ] || [ "$online" = no ]; then return; fi
  run "install ${missing[*]}" apt_install "${missing[@]}"
}

list_missing() {
  local name
  for name in "$@"; do
    [[ $(dpkg-query -W -f '${Status}' "$name" 2>/dev/null) == *' installed' ]] || echo "$name"
  done
}

# Whether this is that Debian, or made from it (Raspberry Pi OS).
is_debian() {
  local VERSION_ID=
  # shellcheck source=/dev/null
  . /etc/os-release
  [ "$VERSION_ID" = "$1" ]
}

enable() {
  local unit
  for unit in "$@"; do
    [ "$(systemctl is-enabled "$unit" 2>/dev/null)" = enabled ] || run "enable $unit" systemctl enable --quiet "$unit"
  done
}

put() {
  cmp -s "$1" "$2" || run "write $2" install -D -m "$3" "$1" "$2"
}

write() {
  local file=$1 part
  shift
  part=$(mktemp)
  printf '%s\n' "$@" >"$part"
  put "$part" "$file" 0644
  rm "$part"
}

# Says what is done and does it; in a dry run only the first.
run() {
  local what=$1
  shift
  if [ "$dry" = yes ]; then
    say "would $what"
    return
  fi
  say "$what"
  DEBIAN_FRONTEND=noninteractive "$@" </dev/null
}

closest() {
  local folder=$1
  until [ -d "$folder" ]; do folder=$(dirname "$folder"); done
  echo "$folder"
}

say() { echo "balai: $*"; }

fail() {
  echo "balai: $*" >&2
  exit 1
}

wrong() {
  echo "balai: $*" >&2
  usage >&2
  exit 64
}

main "$@"
