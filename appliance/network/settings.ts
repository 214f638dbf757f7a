import { AppError } from '../base/errors.ts'
import { findNetworkMistakes, type NetworkMistake, type NetworkSettings } from '../wire/network-settings.ts'

const codes = {
  address: 'network.address',
  gateway: 'network.gateway',
  dns: 'network.dns',
  wifi: 'network.wifi',
  wifi_password: 'network.wifi',
  hotspot: 'network.hotspot',
  apn: 'network.apn',
} as const satisfies Record<NetworkMistake['field'], string>

/** Throws AppError `network.<field>` for the first thing that no network can have. */
export function assertNetwork(settings: NetworkSettings): void {
  const [mistake] = findNetworkMistakes(settings)
  if (!mistake) return
  const code = codes[mistake.field]
  const field = code.replace('network.', '')
  throw new AppError('invalid', code, `${mistake.problem}; allowed: ${mistake.allowed}`, { field })
}
