import type { Alarm } from '../base/alarms.ts'
import { diskSpaceOf } from '../base/store/disk-space.ts'
import type { Readings } from './readings.ts'

type Trouble = Omit<Alarm, 'since'>

/** From here on a Raspberry Pi makes itself slower. */
const hottestC = 80
const fullestMemory = 0.9
const mostWornPercent = 80
const certificateWarnDays = 30

/** Every alarm that readings raise; what is not found any more is taken back. */
export const machineAlarms = [
  'power.low',
  'power.was-low',
  'card.failing',
  'card.worn',
  'disk.low',
  'disk.scarce',
  'disk.full',
  'memory.full',
  'temperature.high',
  'network.none',
  'certificate.ending',
  'certificate.ended',
] as const

type Code = (typeof machineAlarms)[number]

/** What is wrong with the machine by its readings. A reading that is missing is nothing to be sure of, so no trouble. */
export function findMachineAlarms(readings: Readings): Trouble[] {
  const { power, card, diskFreeBytes, memoryUsedMb, memoryTotalMb, temperatureC, network, certificateDaysLeft } =
    readings
  const found: Trouble[] = []
  const raise = (code: Code, severity: Trouble['severity'], details: Trouble['details'] = {}) =>
    found.push({ code, severity, details })

  if (power?.low) raise('power.low', 'action')
  else if (power?.before) raise('power.was-low', 'warning')
  if (card?.readOnly || (card?.errors ?? 0) > 0) raise('card.failing', 'action', { errors: card?.errors ?? 0 })
  if ((card?.wearPercent ?? 0) >= mostWornPercent) raise('card.worn', 'warning', { percent: card?.wearPercent ?? 0 })
  const room = diskFreeBytes === null ? 'ample' : diskSpaceOf(diskFreeBytes)
  if (room !== 'ample') raise(`disk.${room}`, 'action', { free: Math.round((diskFreeBytes ?? 0) / 1_000_000) })
  if (memoryUsedMb !== null && memoryTotalMb !== null && memoryUsedMb > memoryTotalMb * fullestMemory)
    raise('memory.full', 'warning')
  if (temperatureC !== null && temperatureC >= hottestC)
    raise('temperature.high', 'warning', { celsius: Math.round(temperatureC) })
  if (network === null) raise('network.none', 'warning')
  if (certificateDaysLeft !== null && certificateDaysLeft < 0) raise('certificate.ended', 'action')
  else if (certificateDaysLeft !== null && certificateDaysLeft < certificateWarnDays)
    raise('certificate.ending', 'action', { days: certificateDaysLeft })
  return found
}
