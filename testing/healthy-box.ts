import { alarmChecksOf } from '../appliance/base/rooms/room.ts'
import type { CheckFacts } from '../appliance/health/checks.ts'
import type { Readings } from '../appliance/health/readings.ts'
import { rooms } from '../appliance/rooms.ts'

/* A box of which nothing can be said against. */

export const now = Date.UTC(2026, 10, 23, 2, 43)

export const sound: Readings = {
  model: 'Raspberry Pi 4 Model B',
  temperatureC: 51.2,
  memoryUsedMb: 612,
  memoryTotalMb: 1_024,
  diskFreeBytes: 19e9,
  diskTotalBytes: 32e9,
  ntp: true,
  power: { low: false, before: false },
  card: {
    kind: 'sd',
    name: 'SC32G',
    sizeBytes: 31.9e9,
    errors: 0,
    readOnly: false,
    wearPercent: null,
    writtenBytes: 4e8,
  },
  encryption: 'usb',
  residentsInClear: false,
  network: { name: 'eth0', address: '192.168.1.40', gateway: true, wifiDbm: null },
  wifiBlock: null,
  certificateDaysLeft: 287,
  backups: {
    newest: { at: now - 8 * 3_600_000, bytes: 18e6 },
    stick: { at: now - 8 * 3_600_000, bytes: 18e6 },
    stickMounted: true,
    unsavedMs: 3_600_000,
    recovery: 'fleet',
  },
}
export const healthy: CheckFacts = {
  alarmChecks: alarmChecksOf(rooms),
  now,
  alarms: [],
  readings: sound,
  sizes: { databaseBytes: 18e6, walBytes: 4e6 },
  clock: { trust: 'synced', offsetMs: 3 },
  relay: {
    ...{ state: 'connected', waiting: 0, sentAsOf: now - 60_000, oldestAt: null, broker: 'mqtts://broker.go.id' },
    ...{ fallback: null, reason: null, roundTripMs: 84, epoch: 'abcdefghijkl', seq: 3_482 },
  },
  printer: { target: 'tcp://192.168.1.41', state: 'ready', reason: null, waiting: 0 },
  documents: { state: 'ready', name: 'Epson L6490 Series', target: 'ipp://192.168.1.60' },
  screens: [{ device: 'display:1', name: 'TV', connected: true }],
  sound: { speaker: 'display:1', volumePercent: 70, heard: true },
  program: { version: '0.2.0', upSpan: 3 * 86_400_000, box: 'b0x' },
  waitScores: [{ day: '2026-11-22', tickets: 100, p50: 50, p80: 81 }],
  flows: {
    state: 'running',
    whyOff: null,
    sinceMs: 0,
    lastEnd: null,
    rssMb: 90,
    error: null,
    missing: [],
    walls: true,
    memoryWall: true,
    readings: [],
  },
  journal: { damaged: [], unfolded: [] },
}
