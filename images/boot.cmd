# Chooses the slot. Read by U-Boot, one command a line; made into boot.scr by build.sh.
# One sector at 1 MiB holds the order of the slots and how often each may still be tried; it is written by one write, so
# that a power cut at the start damages no file system. A fresh slot has 3 tries, a confirmed one 9: with 3, three early
# power cuts made a healthy system change its slot. setexpr counts in hex: one digit.
if ${devtype} dev ${devnum}; then true; fi
setenv st ${pxefile_addr_r}
setenv BOOT_ORDER "A B"
setenv BOOT_A_LEFT 3
setenv BOOT_B_LEFT 3
if ${devtype} read ${st} 0x800 1; then env import -c ${st} 0x200 BOOT_ORDER BOOT_A_LEFT BOOT_B_LEFT; fi
setenv slot
for s in ${BOOT_ORDER}; do
  if test -n "${slot}"; then true;
  elif test "${s}" = "A"; then
    if test ${BOOT_A_LEFT} -gt 0; then setexpr BOOT_A_LEFT ${BOOT_A_LEFT} - 1; setenv slot A; setenv part 2; fi;
  elif test "${s}" = "B"; then
    if test ${BOOT_B_LEFT} -gt 0; then setexpr BOOT_B_LEFT ${BOOT_B_LEFT} - 1; setenv slot B; setenv part 3; fi;
  fi;
done
# Neither may be tried any more: both may again, rather than a box that never starts.
if test -z "${slot}"; then setenv BOOT_A_LEFT 3; setenv BOOT_B_LEFT 3; fi
env export -c -s 0x200 ${st} BOOT_ORDER BOOT_A_LEFT BOOT_B_LEFT
${devtype} write ${st} 0x800 1
if test -z "${slot}"; then reset; fi
echo "balai: slot ${slot}"
# The emulator has ttyAMA0, a Pi ttyS1; consoles that are not there are left out by the kernel. The last one is /dev/console.
if test "${devtype}" = "virtio"; then setenv con "console=tty1 console=ttyAMA0"; else setenv con "console=ttyS1,115200 console=tty1"; fi
setenv bootargs "${con} balai.slot=${slot} rauc.slot=${slot} panic=10 quiet systemd.show_status=false"
if load ${devtype} ${devnum}:${part} ${kernel_addr_r} /boot/vmlinuz; then
  if load ${devtype} ${devnum}:${part} ${ramdisk_addr_r} /boot/initrd-balai; then
    booti ${kernel_addr_r} ${ramdisk_addr_r}:${filesize} ${fdt_addr};
  fi;
fi
echo "balai: slot ${slot} cannot be loaded"
reset
