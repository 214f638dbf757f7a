import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readCard, readMemory, readModel, readNetwork, readPower, readTemperature, readWifiBlock } from './kernel.ts'

/* Small copies of a Raspberry Pi's /sys and /proc, as its kernel writes them. */

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'balai-kernel-'))
})
afterEach(() => rmSync(root, { recursive: true }))

function write(files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), `${text}\n`)
  }
}

describe('the machine', () => {
  test('a Raspberry Pi is called by its device tree, another machine by its BIOS', () => {
    expect(readModel(root)).toBeNull()
    write({ 'sys/devices/virtual/dmi/id/product_name': 'ThinkCentre M710q' })
    expect(readModel(root)).toBe('ThinkCentre M710q')
    write({ 'sys/firmware/devicetree/base/model': 'Raspberry Pi 4 Model B Rev 1.4\0' })
    expect(readModel(root)).toBe('Raspberry Pi 4 Model B Rev 1.4')
  })

  test('memory that the kernel could give away at once is not used', () => {
    expect(readMemory(root)).toBeNull()
    write({ 'proc/meminfo': 'MemTotal:         949448 kB\nMemFree:           61672 kB\nMemAvailable:     449448 kB' })
    expect(readMemory(root)).toEqual({ totalBytes: 949_448 * 1024, usedBytes: 500_000 * 1024 })
  })

  test('its temperature is that of its first zone, or else of a sensor in its processor', () => {
    write({ 'sys/class/hwmon/hwmon0/name': 'nvme', 'sys/class/hwmon/hwmon0/temp1_input': '31850' })
    expect(readTemperature(root)).toBeNull()
    write({ 'sys/class/hwmon/hwmon1/name': 'k10temp', 'sys/class/hwmon/hwmon1/temp1_input': '52625' })
    expect(readTemperature(root)).toBe(52.6)
    write({ 'sys/class/thermal/thermal_zone0/temp': '47236' })
    expect(readTemperature(root)).toBe(47.2)
  })
})

describe('power', () => {
  const throttled = 'sys/devices/platform/soc/soc:firmware/get_throttled'
  test.each([
    ['0', { low: false, before: false }],
    ['50000', { low: false, before: true }],
    ['50005', { low: true, before: true }],
    // The chip made itself slower because it was hot: nothing of the supply.
    ['e0008', { low: false, before: false }],
  ])('the firmware’s word %s is %o', (word, power) => {
    write({ [throttled]: word })
    expect(readPower(root)).toEqual(power)
  })

  test('without the firmware’s file the voltage sensor tells', () => {
    write({ 'sys/class/hwmon/hwmon0/name': 'cpu_thermal', 'sys/class/hwmon/hwmon1/name': 'rpi_volt' })
    expect(readPower(root)).toBeNull()
    write({ 'sys/class/hwmon/hwmon1/in0_lcrit_alarm': '1' })
    expect(readPower(root)).toEqual({ low: true, before: true })
    write({ 'sys/class/hwmon/hwmon1/in0_lcrit_alarm': '0' })
    expect(readPower(root)).toEqual({ low: false, before: false })
  })

  test('a machine that has neither says nothing', () => expect(readPower(root)).toBeNull())
})

describe('card', () => {
  const disk = 'sys/devices/platform/emmc2bus/mmc_host/mmc0/mmc0:aaaa/block/mmcblk0'
  const device = 179 * 256 + 2
  const sd = () => {
    write({
      [`${disk}/device/type`]: 'SD',
      [`${disk}/device/name`]: 'SC32G',
      [`${disk}/size`]: '62333952',
      [`${disk}/stat`]:
        '    8123     2211   653214    51234    41234    31234  8000000   912345        0   112345   963579',
      [`${disk}/mmcblk0p2/partition`]: '2',
      'sys/fs/ext4/mmcblk0p2/errors_count': '0',
      'proc/self/mountinfo': '36 1 179:2 / / rw,noatime shared:1 - ext4 /dev/mmcblk0p2 rw',
    })
    link('179:2', `${disk}/mmcblk0p2`)
  }
  const link = (number: string, target: string) => {
    mkdirSync(join(root, 'sys/dev/block'), { recursive: true })
    symlinkSync(join(root, target), join(root, 'sys/dev/block', number))
  }

  test('an SD card tells its errors and what was written, and not its wear', () => {
    sd()
    expect(readCard('', root, device)).toEqual({
      kind: 'sd',
      name: 'SC32G',
      sizeBytes: 62_333_952 * 512,
      errors: 0,
      readOnly: false,
      wearPercent: null,
      writtenBytes: 8_000_000 * 512,
    })
  })

  test('errors are counted, and a file system that the kernel made read-only is seen', () => {
    sd()
    write({
      'sys/fs/ext4/mmcblk0p2/errors_count': '3',
      'proc/self/mountinfo': '36 1 179:2 / / rw,noatime shared:1 - ext4 /dev/mmcblk0p2 ro,errors=remount-ro',
    })
    expect(readCard('', root, device)).toMatchObject({ errors: 3, readOnly: true })
  })

  test('eMMC tells the worse of its two wears', () => {
    sd()
    write({ [`${disk}/device/type`]: 'MMC', [`${disk}/device/life_time`]: '0x02 0x09' })
    expect(readCard('', root, device)).toMatchObject({ kind: 'emmc', wearPercent: 90 })
  })

  test('behind an encrypted partition stands its card', () => {
    sd()
    write({ 'sys/devices/virtual/block/dm-0/size': '1000', 'sys/fs/ext4/dm-0/errors_count': '1' })
    mkdirSync(join(root, 'sys/devices/virtual/block/dm-0/slaves'))
    symlinkSync(join(root, `${disk}/mmcblk0p2`), join(root, 'sys/devices/virtual/block/dm-0/slaves/mmcblk0p2'))
    link('254:0', 'sys/devices/virtual/block/dm-0')
    expect(readCard('', root, 254 * 256)).toMatchObject({ kind: 'sd', name: 'SC32G', errors: 1, readOnly: null })
  })

  test('a folder on no disk, as in a container, says nothing', () => expect(readCard('', root, 57)).toBeNull())
})

describe('network', () => {
  const one = (address: string) =>
    ({ address, netmask: '255.255.255.0', family: 'IPv4', mac: '', internal: false, cidr: null }) as const
  const both = { eth0: [one('192.168.1.40')], wlan0: [one('10.0.0.7')] }

  test('the connection with a gateway is the one that is shown, with its signal', () => {
    write({
      'proc/net/route':
        'Iface\tDestination\tGateway\tFlags\nwlan0\t00000000\t0100000A\t0003\neth0\t0001A8C0\t00000000\t0001',
      'proc/net/wireless':
        'Inter-| sta-|   Quality\n face | tus | link level noise\n wlan0: 0000   54.  -61.  -256        0',
    })
    expect(readNetwork(root, both)).toEqual({ name: 'wlan0', address: '10.0.0.7', gateway: true, wifiDbm: -61 })
  })

  test('an office network without internet is a network', () => {
    write({ 'proc/net/route': 'Iface\tDestination\tGateway\neth0\t0001A8C0\t00000000' })
    expect(readNetwork(root, both)).toEqual({ name: 'eth0', address: '192.168.1.40', gateway: false, wifiDbm: null })
  })

  test.each([
    ['a Wi-Fi that waits for a country', { type: 'wlan', soft: '1', hard: '0' }, 'soft'],
    ['one that is switched off at the machine', { type: 'wlan', soft: '1', hard: '1' }, 'hard'],
    ['one that may send', { type: 'wlan', soft: '0', hard: '0' }, null],
    ['another radio', { type: 'bluetooth', soft: '1', hard: '0' }, null],
  ] as const)('R22: %s', (_, { type, soft, hard }, block) => {
    const radio = 'sys/class/rfkill/rfkill7'
    write({ [`${radio}/type`]: `${type}\n`, [`${radio}/soft`]: `${soft}\n`, [`${radio}/hard`]: `${hard}\n` })
    expect(readWifiBlock(root)).toBe(block)
  })

  test('no cable and no Wi-Fi is no network', () => expect(readNetwork(root, {})).toBeNull())
})
