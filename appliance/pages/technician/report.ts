import type { TechnicianView } from '../../queue/views.ts'
import { formatMoment } from '../ui/format.ts'
import { find } from '../ui/messages.ts'
import { readAll } from './readings.ts'

/** Alarms with their codes, then every reading, then the devices: nothing of citizens, nothing secret. */
export function writeReport(view: TechnicianView): string {
  const { office, alarms, devices, relay } = view
  return [
    `${office.name} (${office.village}), ${formatMoment(office.now)}`,
    '',
    ...alarms.map(
      (alarm) =>
        `! ${alarm.code}: ${find(`alarm.${alarm.code}.title`, alarm.details) ?? ''} (${formatMoment(alarm.since)})`,
    ),
    ...readAll(view).map(({ name, value, state }) => `${state === 'bad' ? '!' : '-'} ${name}: ${value}`),
    ...devices.map((device) => `- ${device.device} ${device.name}: ${device.connected ? '+' : '–'}`),
    `- ${relay.epoch} ${relay.seq}`,
  ].join('\n')
}
