#!/usr/bin/env bash
# Builds the box as one image: a card for a Raspberry Pi or a disk for a PC, and the signed bundle that updates one. One file, although it is
# long: its steps are read in the order in which they run.
# shellcheck disable=SC2016 # dpkg's formats are not the shell's.
set -euo pipefail
# Whoever builds it gets the same bytes: modes of files, and the local times that FAT keeps.
umask 022
export TZ=UTC LC_ALL=C.UTF-8

usage() {
  cat <<'TEXT'
npm run image -- --target pi|pi5|pc|program [options]

Debian trixie with Debian's own kernel (arm64; pc: amd64, started by EFI), two slots, data, and the program
from the packages of `npm run build`, put in by install.sh. As root, since a file
system with its owners is made; needs no loop device and no container.
`program` makes signed bundles of the program alone, one for each processor, with
which a box of any of these images is updated without its system.

  --dry-run       say the steps, and change nothing
  --dist FOLDER   where the packages are (dist)
  --out FOLDER    where the image is written (dist/image)
  --cache FOLDER  where Debian's packages are kept between two builds
                  (/var/cache/balai-image)
  --no-compress   leave the card as it is and pack the bundle in haste, for the emulator

BALAI_RELEASE_KEY names the key that signs the checksums (data/release-key.pem),
BALAI_UPDATE_KEY and BALAI_UPDATE_CERT those of update bundles: who holds them can
change every box (data/update-key.pem, data/update-cert.pem; made where none are).

Exit codes: 0 done; 1 not possible, with the reason; 64 wrong words.
TEXT
}

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root_folder=$(dirname "$here")
dist=$root_folder/dist out='' cache=/var/cache/balai-image target='' dry=no compress=yes
tools=(mmdebstrap mkfs.vfat mcopy sfdisk mkimage rauc mksquashfs depmod cpio zstd openssl dpkg-deb)
mirror=http://deb.debian.org/debian security=http://deb.debian.org/debian-security

# MiB. Cards are never parted anew: a slot has to hold what is to come, so what is used may be three quarters of it.
boot_at=4 boot_size=128 slot_size=1600 data_size=256
a_at=$((boot_at + boot_size))
b_at=$((a_at + slot_size))
data_at=$((b_at + slot_size))
card_size=$((data_at + data_size))
slot_id=ba1a1001-0000-4000-8000-000000000002
data_id=ba1a1001-0000-4000-8000-000000000004

main() {
  read_words "$@"
  step 1 'check what is here: tools, packages, keys' check_ground
  if [ "$target" = program ]; then
    step 2 'make the signed bundles of the program' make_program_bundles
    step 3 'sum up and sign' sum_up
    return
  fi
  at_once \
    2 'configure Debian for this machine, and let install.sh make it a box' make_twin \
    3 "unpack the same Debian for $architecture" unpack_root
  step 4 'carry over what the scripts of the packages have made' carry_over
  step 5 'lay the overlay on it' lay_overlay
  step 6 'make the first program of a start' make_initramfs
  step 7 'list what is in it' write_bill
  step 8 'make the slot' make_slot
  step 9 'make the boot partition' make_boot
  step 10 'put the card together' make_card
  step 11 'make the signed bundle' make_bundle
  step 12 'compress, sum up and sign' finish
}

read_words() {
  while [ $# -gt 0 ]; do
    case $1 in
      --help | -h) usage && exit 0 ;;
      --dry-run) dry=yes ;;
      --no-compress) compress=no ;;
      --target | --dist | --out | --cache)
        [ $# -ge 2 ] || wrong "$1 needs a word after it."
        case $1 in
          --target) target=$2 ;;
          --dist) dist=$(realpath -m "$2") ;;
          --out) out=$(realpath -m "$2") ;;
          --cache) cache=$(realpath -m "$2") ;;
        esac
        shift
        ;;
      *) wrong "There is no option $1." ;;
    esac
    shift
  done
  case $target in
    # Debian's own kernel drives Pi 3, 3+, 4, 400 and Zero 2 W.
    pi) kind=pi kernel=linux-image-arm64 suites=() bundle_format=verity ;;
    # It lacks the Pi 5's; RAUC 1.13 misreads dm-verity's status of the newer one, so its bundles are checked whole instead.
    pi5) kind=pi kernel=linux-image-arm64/trixie-backports suites=("deb $mirror trixie-backports main") bundle_format=plain ;;
    pc) kind=pc kernel=linux-image-amd64 suites=() bundle_format=verity ;;
    program) kind='' architecture='*' tools=(rauc mksquashfs openssl dpkg-deb) ;;
    '') wrong '--target is needed: pi, pi5, pc or program.' ;;
    *) wrong "--target is pi, pi5, pc or program, not $target." ;;
  esac
  case $kind in
    pi) architecture=arm64 triplet=aarch64-linux-gnu starters=u-boot-rpi,raspi-firmware boot_type=c bootloader=uboot ;;
    # Both signed, for machines that start nothing else.
    pc) architecture=amd64 triplet=x86_64-linux-gnu starters=shim-signed,grub-efi-amd64-signed boot_type=ef bootloader=custom ;;
  esac
  out=${out:-$root_folder/dist/$([ "$target" = program ] && echo program-bundles || echo image)}
}

check_ground() {
  local name missing=() key
  [ "$(id -u)" -eq 0 ] || fail 'Run this as root: a file system with its owners is made.'
  for name in "${tools[@]}"; do
    command -v "$name" >/dev/null || missing+=("$name")
  done
  [ ${#missing[@]} -eq 0 ] || fail "Missing: ${missing[*]}. Run: apt-get install mmdebstrap dosfstools mtools fdisk u-boot-tools rauc squashfs-tools kmod cpio zstd"
  host=$(dpkg --print-architecture)
  case $host in
    amd64) host_triplet=x86_64-linux-gnu ;;
    arm64) host_triplet=aarch64-linux-gnu ;;
    *) fail "This machine is $host; the packages of the program are for amd64 and arm64." ;;
  esac
  package=$(newest "balai_*_$architecture.deb")
  [ -n "$package" ] || fail "There is no balai_…_$architecture.deb in $dist: npm run build"
  version=$(dpkg-deb --field "$package" Version)
  needed=("balai_${version}_$host.deb" "balai-flows_${version}_all.deb" install.sh)
  [ "$target" != program ] || needed=()
  for name in "${needed[@]}" SHA256SUMS release.pub; do
    [ -e "$dist/$name" ] || fail "There is no $name in $dist: npm run build"
  done
  release_key=${BALAI_RELEASE_KEY:-$root_folder/data/release-key.pem}
  [ -r "$release_key" ] || fail "There is no release key $release_key."
  key=$(openssl pkey -in "$release_key" -pubout)
  [ "$key" = "$(<"$dist/release.pub")" ] || fail "The packages in $dist were signed by another key than $release_key."
  find_update_key
  # Nothing in the image is younger than the commit that it was built from.
  SOURCE_DATE_EPOCH=$(git -C "$root_folder" log -1 --format=%ct 2>/dev/null || date +%s)
  export SOURCE_DATE_EPOCH
  name=balai-$target-$version
  work=$(mktemp -d /var/tmp/balai-image-XXXXXX)
  # A step may still be at work there, and one that was killed has left this machine's /proc mounted in it.
  trap 'wait; rm -rf --one-file-system "$work"' EXIT
  rm -rf "$out"
  mkdir -p "$out" "$cache"
  image_name=$name
  say "balai $version, target $target, in $out"
}

newest() { find "$dist" -maxdepth 1 -name "$1" 2>/dev/null | sort -V | tail -n 1; }

find_update_key() {
  local file
  update_key=${BALAI_UPDATE_KEY:-$root_folder/data/update-key.pem}
  update_cert=${BALAI_UPDATE_CERT:-$root_folder/data/update-cert.pem}
  if [ ! -e "$update_key" ] && [ ! -e "$update_cert" ]; then
    say "making a key of one's own for update bundles: $update_key"
    mkdir -p "$(dirname "$update_key")"
    (umask 077 && openssl ecparam -name prime256v1 -genkey -noout -out "$update_key")
    openssl req -x509 -new -key "$update_key" -days 9125 -subj '/O=Balai/CN=Balai updates' -out "$update_cert"
  fi
  for file in "$update_key" "$update_cert"; do
    [ -r "$file" ] || fail "$update_key and $update_cert belong together, and $file is missing."
  done
}

# A list for every target, and the one of its kind of machine.
lines_of() { sed 's/#.*//; /^\s*$/d' "$here/$1.list" "$here/$1-$kind.list"; }
packages() { lines_of packages; }

# What scripts of packages make, in /etc, /var and a few links, is the same for each processor: so they run for this
# machine's, natively and in a root of their own. Never mmdebstrap --mode=chrootless: it runs them on this machine.
make_twin() {
  local list
  list=$(packages | paste -sd,)
  bootstrap "$host" apt "$list" "$work/twin"
  mkdir -p "$work/twin/tmp/dist" "$work/twin/tmp/machine/proc"
  # A Pi with a gigabyte: where there is less, the units' own conditions leave the flows out.
  echo 'MemTotal: 1000000 kB' >"$work/twin/tmp/machine/proc/meminfo"
  mkdir -p "$work/twin/tmp/machine/etc"
  cp "$work/twin/etc/os-release" "$work/twin/tmp/machine/etc/"
  cp "$dist/balai_${version}_$host.deb"{,.sig} "$dist/balai-flows_${version}_all.deb"{,.sig} "$dist"/{install.sh,SHA256SUMS,release.pub} "$work/twin/tmp/dist/"
  inside "$work/twin" env BALAI_MACHINE=/tmp/machine bash /tmp/dist/install.sh --flows yes --screen display
  # Nothing is shown until the office wishes it (attached-screen).
  rm "$work/twin/etc/balai/screen"
  rm -rf "$work/twin/tmp/dist" "$work/twin/tmp/machine"
}

# Runs a command in a root with its own processes and mounts.
inside() {
  local folder=$1
  shift
  unshare --mount --pid --fork --mount-proc="$folder/proc" chroot "$folder" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
    SOURCE_DATE_EPOCH="$SOURCE_DATE_EPOCH" SYSTEMD_OFFLINE=1 "$@"
}

bootstrap() {
  local architecture=$1 variant=$2 include=$3 folder=$4 kept=$cache/$2-$1
  # shellcheck disable=SC2054 # Lists of mmdebstrap's own.
  local options=(
    --quiet --mode=root --format=directory --architectures="$architecture" --variant="$variant" --include='?essential' --include="$include"
    --dpkgopt=force-unsafe-io --skip=download/empty,essential/unlink,cleanup/apt
    --setup-hook="mkdir -p \"\$1/var/cache/apt/archives\" && cp -a '$kept/.' \"\$1/var/cache/apt/archives/\""
  )
  # For what is only unpacked mmdebstrap would start a Python for each package: there it is taken away afterwards.
  [ "$variant" = extract ] || options+=(
    --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*'
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-include=/usr/share/doc/*/copyright'
  )
  mkdir -p "$kept"
  # Debian's own Python, not one that somebody has put before it.
  PATH=/usr/sbin:/usr/bin:/sbin:/bin mmdebstrap "${options[@]}" trixie "$folder" "deb $mirror trixie main non-free-firmware" "deb $mirror trixie-updates main" \
    "deb $security trixie-security main" "${suites[@]}"
  # The cache holds what the last build took, and nothing older; twin and root have each their own.
  find "$kept" -name '*.deb' -exec sh -c '[ -e "$1/$(basename "$2")" ] || rm "$2"' sh "$folder/var/cache/apt/archives" {} \;
  cp -au "$folder"/var/cache/apt/archives/*.deb "$kept/"
  rm -rf "$folder"/usr/share/{man,locale}/*
  find "$folder/usr/share/doc" -mindepth 1 ! -type d ! -name copyright -delete
  find "$folder/usr/share/doc" -mindepth 1 -type d -empty -delete
}

# The essential packages, then the list: what belongs to them comes along, as for the twin. No version is named: what this
# machine's processor has as +b1 the other one may not.
unpack_root() {
  bootstrap "$architecture" extract "apt,$(packages | paste -sd,),$starters,$kernel" "$work/root"
  mkdir "$work/debs"
  mv "$work"/root/var/cache/apt/archives/*.deb "$work/debs/"
  cp "$package" "$dist/balai-flows_${version}_all.deb" "$work/debs/"
  dpkg-deb --extract "$package" "$work/root"
  dpkg-deb --extract "$dist/balai-flows_${version}_all.deb" "$work/root"
}

# Both have to hold the same packages of the same sources: a mirror that is just being renewed has one of them older. Only
# what starts the machine, kernel and firmware, the twin does not have.
compare_packages() {
  local file name here_version there_version
  local -A versions
  for file in "$work"/debs/*.deb; do
    IFS=$'\t' read -r name there_version < <(dpkg-deb --show --showformat '${Package}\t${Version}\n' "$file")
    versions[$name]=$there_version
  done
  if [ "$host" != "$architecture" ]; then
    # shellcheck disable=SC2046 # One word for each.
    inside "$work/twin" dpkg --purge --force-depends $(sed '/^#/d' "$here/host-only.list")
  fi
  while IFS=$'\t' read -r name here_version; do
    there_version=${versions[$name]:-}
    [ -n "$there_version" ] || fail "$name is installed for $host and not unpacked for $architecture."
    [ "${here_version%+b[0-9]*}" = "${there_version%+b[0-9]*}" ] || fail "$name is $here_version for $host and $there_version for $architecture; build again later."
  done < <(dpkg-query --admindir="$work/twin/var/lib/dpkg" -W -f '${Package}\t${Version}\n')
}

carry_over() {
  local root=$work/root twin=$work/twin mode owner path
  compare_packages
  mv "$root/etc" "$root/.etc"
  rm -rf "${root:?}/var"
  cp -a "$twin/etc" "$twin/var" "$root/"
  # Files of packages that only this processor has.
  cp -an "$root/.etc/." "$root/etc/"
  rm -rf "$root/.etc"
  if [ "$host" != "$architecture" ]; then
    rename_architecture
  fi
  (cd "$twin" && find usr -xdev \( -type f -o -type d \) \( -perm /6000 -o ! -user 0 -o ! -group 0 \) -printf '%#m %U:%G %p\n') |
    sed "s/$host_triplet/$triplet/" |
    while read -r mode owner path; do
      [ ! -e "$root/$path" ] || { chown -h "$owner" "$root/$path" && chmod "$mode" "$root/$path"; }
    done
  fill_gaps
  [ -z "$(getcap -r "$twin/usr" 2>/dev/null)" ] || fail 'A package has set file capabilities, which are not carried over.'
  forget_build
}

rename_architecture() {
  local root=$work/root file name
  mv "$root/etc/ld.so.conf.d/$host_triplet.conf" "$root/etc/ld.so.conf.d/$triplet.conf"
  sed -i "s/${host_triplet%%-*}/${triplet%%-*}/g" "$root/etc/ld.so.conf.d/$triplet.conf"
  sed -i "s/^Architecture: $host\$/Architecture: $architecture/" "$root/var/lib/dpkg/status"
  echo "$architecture" >"$root/var/lib/dpkg/arch"
  for file in "$root"/var/lib/dpkg/info/*:"$host".*; do mv "$file" "${file/:$host./:$architecture.}"; done
  sed -i "s/$host_triplet/$triplet/g" "$root"/var/lib/dpkg/info/*.list
  # So that dpkg --verify on the box speaks of what is there.
  for file in "$work"/debs/*_"$architecture".deb; do
    name=$(dpkg-deb --field "$file" Package)
    for name in "$root/var/lib/dpkg/info/$name.md5sums" "$root/var/lib/dpkg/info/$name:$architecture.md5sums"; do
      [ ! -e "$name" ] || dpkg-deb --ctrl-tarfile "$file" | tar -xO ./md5sums >"$name"
    done
  done
}

# Links, folders and files that scripts made outside of /etc and /var. They are listed in gaps.list: whatever is new there
# has to be looked at, since a program of the wrong processor would be carried over, too. What documents, the file types of a
# desktop and drivers that only a PC has are left out.
fill_gaps() {
  local root=$work/root twin=$work/twin path from
  comm -23 <(list_files "$twin" | sed "s/$host_triplet/@triplet@/" | LC_ALL=C sort) <(list_files "$root" | sed "s/$triplet/@triplet@/" | LC_ALL=C sort) |
    grep -vE 'x86[-_]64|lib64|padlock|bin/i386|^./usr/share/(doc|info|mime)(/|$)|_dri.so$' >"$work/gaps" || true
  cmp -s "$work/gaps" <(sed '/^#/d' "$here/gaps.list") || {
    diff <(sed '/^#/d' "$here/gaps.list") "$work/gaps" >&2 || true
    fail 'What the scripts of the packages make has changed: look at each, then set it right in images/gaps.list.'
  }
  while read -r path; do
    # Each processor's folder of libraries is called otherwise.
    from=$twin/${path/@triplet@/$host_triplet}
    path=${path/@triplet@/$triplet}
    if [ -L "$from" ] || [ -f "$from" ]; then
      [ -L "$from" ] || [ "$(head -c 4 "$from" | tr -d '\0')" != $'\x7fELF' ] || fail "$path is a program of $host."
      mkdir -p "$root/$(dirname "$path")"
      cp -a "$from" "$root/$path"
      # Lists of modules name their folders.
      [ -L "$root/$path" ] || ! grep -qIs "$host_triplet" "$root/$path" || sed -i "s/$host_triplet/$triplet/g" "$root/$path"
    else
      mkdir -p "$root/$path"
    fi
  done <"$work/gaps"
}

list_files() { (cd "$1" && find . \( -path ./etc -o -path ./var -o -path ./proc -o -path ./sys -o -path ./dev -o -path ./run -o -path ./tmp \) -prune -o -print); }

# What differs from build to build, or is each box's own.
forget_build() {
  local root=$work/root
  rm -rf "$root"/etc/ld.so.cache "$root"/etc/ssh/ssh_host_* "$root"/var/cache/* "$root"/var/lib/apt/lists/* "$root"/var/log/* \
    "$root"/var/lib/systemd/random-seed "$root"/etc/machine-id "$root"/var/lib/dbus/machine-id "$root"/etc/*- \
    "$root"/var/lib/dpkg/*-old "$root"/root/.bash_history "$root"/etc/resolv.conf "$root"/etc/.pwd.lock
  mkdir -p "$root/var/cache/apt/archives/partial" "$root/var/lib/apt/lists/partial"
  install -d -m 0700 -o "$(id_of balai)" -g "$(group_of balai)" "$root/var/cache/balai"
  # Days on which users were made.
  sed -i -E 's/^([^:]*:[^:]*):[0-9]+:/\1:20000:/' "$root/etc/shadow"
}

id_of() { awk -F: -v name="$1" '$1 == name { print $3 }' "$work/root/etc/passwd"; }
group_of() { awk -F: -v name="$1" '$1 == name { print $3 }' "$work/root/etc/group"; }

# The target's file system in miniature, and what of the root a box never needs.
lay_overlay() {
  local root=$work/root modules
  cp -r --no-preserve=mode,ownership "$here/overlay/." "$here/overlay-$kind/." "$root/"
  [ "$bundle_format" != plain ] || cp -r --no-preserve=mode,ownership "$here/overlay-plain/." "$root/"
  chmod 0755 "$root"/usr/lib/balai/image/*
  [ ! -e "$root/usr/local/sbin/rauc" ] || chmod 0755 "$root/usr/local/sbin/rauc"
  install -m 0644 "$here/kept.list" "$root/usr/lib/balai/image/kept.list"
  # The program alone is verity for every machine.
  sed -i "s/@target@/$target/; s/@formats@/$(echo "$bundle_format verity" | tr ' ' '\n' | sort -u | paste -sd ' ')/; s/@bootloader@/$bootloader/" "$root/etc/rauc/system.conf"
  # Where the bootloader is none of RAUC's own; with any other one it refuses these words.
  [ "$bootloader" != custom ] || printf '\n[handlers]\nbootloader-custom-backend=/usr/lib/balai/image/slots\n' >>"$root/etc/rauc/system.conf"
  install -D -m 0644 "$update_cert" "$root/etc/rauc/keyring.pem"
  install -d "$root/data" "$root/boot/firmware"
  install -m 0644 /dev/null "$root/etc/machine-id"
  printf 'IMAGE_ID=balai-%s\nIMAGE_VERSION=%s\n' "$target" "$version" >>"$root/usr/lib/os-release"
  # What only the makers of a browser and a desktop with windows need.
  rm -rf "$root"/usr/lib/chromium/{libVkLayer_khronos_validation.so,libVkICD_mock_icd.so} "$root"/usr/share/icons/Adwaita/*/ "$root"/usr/share/mime
  link_units
  kernel_version=$(basename "$(echo "$root"/usr/lib/modules/*)")
  modules=$root/usr/lib/modules/$kernel_version
  take_boot_files_"$kind"
  depmod -b "$root" "$kernel_version"
  # The kernel under the name that the start loads.
  local vmlinuz=$root/boot/vmlinuz-$kernel_version
  [ -e "$vmlinuz" ] || vmlinuz=$modules/vmlinuz
  mv "$vmlinuz" "$root/boot/vmlinuz"
  rm -rf "$root"/boot/System.map-* "$root"/boot/config-*
}

# What starts the machine lies on the boot partition and not in a slot: it is taken out of the root. So is what such a
# machine has no use for.
take_boot_files_pi() {
  local root=$work/root modules=$work/root/usr/lib/modules/$kernel_version
  rm -rf "$modules"/kernel/{sound/{pci,isa,firewire},drivers/{media,infiniband,isdn,scsi/qla*,net/ethernet/{mellanox,intel,chelsio,broadcom/bnx*,qlogic,cavium,marvell,hisilicon}}}
  mkdir "$work/firmware"
  mv "$root/usr/lib/raspi-firmware" "$work/firmware/raspi"
  mv "$root/usr/lib/u-boot/rpi_arm64/u-boot.bin" "$work/firmware/u-boot.bin"
  mkdir "$work/firmware/trees"
  find "$root/usr/lib/linux-image-$kernel_version/broadcom" "$modules/dtb/broadcom" -name 'bcm2[78]*-rpi-*.dtb' -exec cp {} "$work/firmware/trees/" \; 2>/dev/null || true
  [ -n "$(ls "$work/firmware/trees")" ] || fail 'The kernel has no device trees of a Raspberry Pi.'
  rm -rf "$root"/usr/lib/linux-image-* "$modules/dtb" "$root"/usr/lib/u-boot
}

take_boot_files_pc() {
  local root=$work/root modules=$work/root/usr/lib/modules/$kernel_version
  # Without their firmware these drivers do nothing but take the screen away that EFI has set up.
  rm -rf "$modules"/kernel/drivers/{gpu/drm/{amd,nouveau,radeon,xe},media,infiniband,isdn,scsi/qla*,net/ethernet/{mellanox,chelsio,qlogic,cavium,hisilicon}}
  mkdir "$work/firmware"
  mv "$root/usr/lib/shim/shimx64.efi.signed" "$root/usr/lib/grub/x86_64-efi-signed/grubx64.efi.signed" "$work/firmware/"
  rm -rf "$root"/usr/lib/shim "$root"/usr/lib/grub "$root"/etc/grub.d
}

# Units by the same command that install.sh uses. Of all that could ask for a name and a password nothing is left.
link_units() {
  local unit
  systemctl --quiet --root="$work/root" enable balai-screen-words.service balai-confirm-slot.service balai-key.service \
    balai-update.path balai-update.service
  systemctl --quiet --root="$work/root" mask getty@.service serial-getty@.service console-getty.service container-getty@.service \
    debug-shell.service emergency.service rescue.service rauc-mark-good.service systemd-firstboot.service apt-daily.timer \
    apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer e2scrub_reap.service fstrim.timer
  for unit in ssh.service ssh.socket; do
    [ ! -e "$work/root/usr/lib/systemd/system/$unit" ] || fail 'A login over the network is in the image.'
  done
}

make_initramfs() {
  local root=$work/root tree=$work/initramfs order=$work/order module file
  mkdir -p "$tree"/{bin,modules}
  install -m 0755 "$here/init" "$tree/init"
  install -m 0755 "$root/usr/bin/busybox" "$tree/bin/busybox"
  : >"$order"
  lines_of modules | while read -r module; do
    # What is built in has no file; the names of a newer kernel may be missing in the older one.
    modprobe -d "$root" -S "$kernel_version" --show-depends "$module" 2>/dev/null | awk '$1 == "insmod" { print $2 }' >>"$order" || true
  done
  awk '!seen[$0]++' "$order" | while read -r file; do
    # Unpacked: the busybox of the start knows no xz.
    case $file in
      *.xz) xz -dc "$file" >"$tree/modules/$(basename "$file" .xz)" && basename "$file" .xz ;;
      *) cp "$file" "$tree/modules/" && basename "$file" ;;
    esac
  done >"$tree/modules/order"
  find "$tree" -exec touch --no-dereference --date "@$SOURCE_DATE_EPOCH" {} +
  (cd "$tree" && find . | LC_ALL=C sort | cpio --quiet --reproducible --create --format newc --owner 0:0) |
    zstd -q -12 -T1 >"$root/boot/initrd-balai"
}

# From the unpacked packages themselves: the list of what is installed names the twin's versions.
write_bill() {
  local file name package_version architecture source first=yes sum
  {
    printf '{\n "bomFormat": "CycloneDX",\n "specVersion": "1.5",\n "version": 1,\n'
    printf ' "metadata": { "component": { "type": "operating-system", "name": "balai-%s", "version": "%s" } },\n "components": [' "$target" "$version"
    for file in "$work"/debs/*.deb; do
      IFS=$'\t' read -r name package_version architecture source < <(dpkg-deb --show --showformat '${Package}\t${Version}\t${Architecture}\t${source:Package}\n' "$file")
      sum=$(sha256sum "$file" | cut -d ' ' -f 1)
      [ "$first" = yes ] || printf ','
      first=no
      printf '\n  { "type": "library", "name": "%s", "version": "%s", "purl": "pkg:deb/debian/%s@%s?arch=%s&distro=trixie", "hashes": [{ "alg": "SHA-256", "content": "%s" }], "properties": [{ "name": "debian:source", "value": "%s" }] }' \
        "$name" "$package_version" "$name" "${package_version//+/%2B}" "$architecture" "$sum" "${source:-$name}"
      echo "$name $package_version $architecture" >>"$work/packages"
    done
    printf '\n ]\n}\n'
  } >"$out/$image_name.cdx.json"
  LC_ALL=C sort "$work/packages" >"$out/$image_name.packages"
  install -m 0644 "$out/$image_name.packages" "$work/root/usr/lib/balai/image/packages"
}

# By the mke2fs of trixie, which is the first that writes the same bytes twice; without a journal, since nobody writes here.
make_slot() {
  local used
  find "$work/root" -newermt "@$SOURCE_DATE_EPOCH" -exec touch --no-dereference --date "@$SOURCE_DATE_EPOCH" {} +
  used=$(du -sm --apparent-size "$work/root" | cut -f 1)
  say "root: $used MB, slot: $slot_size MB"
  [ $((used * 4)) -le $((slot_size * 3)) ] || fail "The root takes $used MB: more than three quarters of a slot of $slot_size MB."
  mkdir "$work/twin/mnt/root" "$work/twin/mnt/made" "$work/made"
  make_ext4 slot.ext4 "$slot_size" "$slot_id" -O '^has_journal,^metadata_csum_seed,^orphan_file' -m 0 -d /mnt/root
  # A database and some backups need few files: tables of inodes are written anew for a whole card when it grows.
  make_ext4 data.ext4 "$data_size" "$data_id" -O '^orphan_file,^metadata_csum_seed' -i 65536 -L balai-data -m 1
}

make_ext4() {
  local file=$1 size=$2 id=$3
  shift 3
  unshare --mount bash -c 'mount --bind "$1/root" "$1/twin/mnt/root" && mount --bind "$1/made" "$1/twin/mnt/made" && shift &&
    exec chroot "$@"' sh "$work" "$work/twin" env -i SOURCE_DATE_EPOCH="$SOURCE_DATE_EPOCH" /usr/sbin/mkfs.ext4 -q -F \
    -U "$id" -E "hash_seed=$id,root_owner=0:0" "$@" "/mnt/made/$file" "${size}M"
}

make_boot() {
  local tree=$work/boot image=$work/boot.vfat
  mkdir "$tree"
  fill_boot_"$kind" "$tree"
  find "$tree" -exec touch --date "@$SOURCE_DATE_EPOCH" {} +
  truncate -s "${boot_size}M" "$image"
  mkfs.vfat -F 32 -i BA1A1001 -n BALAI-BOOT --invariant "$image" >/dev/null
  (cd "$tree" && mcopy -s -m -i "$image" ./* ::)
}

fill_boot_pi() {
  mkdir "$1/overlays"
  cp "$work"/firmware/raspi/{bootcode.bin,start*.elf,fixup*.dat} "$1/"
  cp -r "$work"/firmware/raspi/overlays/. "$1/overlays/" 2>/dev/null || true
  cp "$work"/firmware/trees/*.dtb "$work/firmware/u-boot.bin" "$here/config.txt" "$1/"
  mkimage -A arm64 -T script -C none -d "$here/boot.cmd" "$1/boot.scr" >/dev/null
}

# Where every PC looks for a disk that it does not know; the signed GRUB reads its script where Debian has put it.
fill_boot_pc() {
  mkdir -p "$1"/EFI/{BOOT,debian}
  cp "$work/firmware/shimx64.efi.signed" "$1/EFI/BOOT/BOOTX64.EFI"
  cp "$work/firmware/grubx64.efi.signed" "$1/EFI/BOOT/grubx64.efi"
  cp "$here/grub.cfg" "$1/EFI/debian/"
  # GRUB writes over what is there; U-Boot makes its own.
  BALAI_SLOTS=$1/EFI/debian/slots.env sh "$here/overlay-pc/usr/lib/balai/image/slots" make
}

make_card() {
  local card=$out/$image_name.img
  truncate -s "${card_size}M" "$card"
  sfdisk --quiet "$card" <<TABLE
label: dos
label-id: 0xba1a1001
$((boot_at * 2048)),$((boot_size * 2048)),$boot_type,*
$((a_at * 2048)),$((slot_size * 2048)),83
$((b_at * 2048)),$((slot_size * 2048)),83
$((data_at * 2048)),$((data_size * 2048)),83
TABLE
  dd if="$work/boot.vfat" of="$card" bs=1M seek="$boot_at" conv=notrunc,sparse status=none
  dd if="$work/made/slot.ext4" of="$card" bs=1M seek="$a_at" conv=notrunc,sparse status=none
  dd if="$work/made/data.ext4" of="$card" bs=1M seek="$data_at" conv=notrunc,sparse status=none
}

make_bundle() {
  mkdir "$work/bundle"
  mv "$work/made/slot.ext4" "$work/bundle/slot.ext4"
  local level=15
  [ "$compress" = yes ] || level=1
  sign_bundle "$work/bundle" "balai-$target" "$bundle_format" root slot.ext4 "$level"
}

# Verity for every machine: it is unpacked (`rauc extract`), which asks nothing of its kernel.
make_program_bundles() {
  local package tree
  for package in "$dist"/balai_"$version"_*.deb; do
    architecture=$(dpkg-deb --field "$package" Architecture)
    tree=$work/program-$architecture
    mkdir "$tree"
    dpkg-deb --fsys-tarfile "$package" | tar -x -C "$tree" --strip-components=3 ./usr/bin/balai
    image_name=balai-program-$architecture-$version
    sign_bundle "$tree" "balai-program-$architecture" verity program balai 15
  done
}

sign_bundle() {
  local tree=$1 compatible=$2 format=$3 image=$4 file=$5 level=$6
  cat >"$tree/manifest.raucm" <<MANIFEST
[update]
compatible=$compatible
version=$version

[bundle]
format=$format

[image.$image]
filename=$file
MANIFEST
  rauc bundle --mksquashfs-args="-comp zstd -Xcompression-level $level -quiet -no-progress" --cert="$update_cert" --key="$update_key" \
    "$tree" "$out/$image_name.raucb" >"$work/rauc.log" 2>&1 || { cat "$work/rauc.log" >&2 && fail 'The bundle could not be made.'; }
}

finish() {
  local card=$out/$image_name.img
  if [ "$compress" = yes ]; then
    write_imager_list "$card"
    zstd -q -10 -T0 --rm "$card"
    sed -i "s/@download_size@/$(stat -c %s "$card.zst")/; s/@download_sha256@/$(sha256sum "$card.zst" | cut -d ' ' -f 1)/" "$out/imager.json"
  fi
  sum_up
}

sum_up() {
  (cd "$out" && sha256sum -- * >"$work/SHA256SUMS" && mv "$work/SHA256SUMS" .)
  openssl pkeyutl -sign -inkey "$release_key" -rawin -in "$out/SHA256SUMS" -out "$out/SHA256SUMS.sig"
  (cd "$out" && du -m --apparent-size -- *)
}

# What Raspberry Pi Imager reads as a repository of one's own; `url` is relative, whoever publishes it sets the place before.
write_imager_list() {
  cat >"$out/imager.json" <<JSON
{ "os_list": [ {
  "name": "Balai ($target)",
  "description": "Loket kantor desa: antrean, layar, suara. $version",
  "icon": "mark.svg",
  "url": "$image_name.img.zst",
  "release_date": "$(date --utc --date "@$SOURCE_DATE_EPOCH" +%F)",
  "extract_size": $(stat -c %s "$1"),
  "extract_sha256": "$(sha256sum "$1" | cut -d ' ' -f 1)",
  "image_download_size": @download_size@,
  "image_download_sha256": "@download_sha256@",
  "init_format": "none"
} ] }
JSON
  cp "$root_folder/appliance/pages/ui/mark.svg" "$out/"
}

# Says a step and does it; in a dry run only the first.
step() {
  local number=$1 what=$2 began=$SECONDS
  if [ "$dry" = yes ]; then
    say "would $number. $what"
    return
  fi
  say "$number. $what"
  "$3"
  say "$number. took $((SECONDS - began)) s"
}

# Two steps that need nothing of each other, since a machine has two processors. Both end before it is said which has failed.
at_once() {
  local one two failed=''
  step "${@:1:3}" &
  one=$!
  # Said one after the other where nothing is done.
  [ "$dry" = no ] || wait "$one"
  step "${@:4:3}" &
  two=$!
  wait "$one" || failed=$1
  wait "$two" || failed="$failed $4"
  [ -z "$failed" ] || fail "Failed, see above: step ${failed# }"
}

say() { echo "image: $*"; }

fail() {
  echo "image: $*" >&2
  exit 1
}

wrong() {
  echo "image: $*" >&2
  usage >&2
  exit 64
}

main "$@"
