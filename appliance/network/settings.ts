import { AppError } from '../base/errors.ts'
import { findNetworkMistakes, type NetworkSettings } from '../wire/network-settings.ts'

/** Throws AppError `network.<field>` for the first thing that no network can have. */
export function assertNetwork(settings: NetworkSettings): void {
  const [mistake] = findNetworkMistakes(settings)
  if (!mistake) return
  const field = mistake.field.replace('_password', '')
  throw new AppError('invalid', `network.${field}`, `${mistake.problem}; allowed: ${mistake.allowed}`, { field })
}
