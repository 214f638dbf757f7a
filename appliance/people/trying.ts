import { AppError } from '../base/errors.ts'
import type { Pen } from '../base/journal/pen.ts'
import type { Store } from '../base/store/store.ts'
import type { peopleEvents } from './events.ts'
import type { Lockout } from './lockout.ts'

/** The account that a setup code's wrong tries are counted for. */
export const setupAccount = 'setup'

/**
 * Tries of a PIN or the setup code as the office meets them: throws `people.locked-out`, `people.wrong-pin` or
 * `people.setup-code-wrong` unless `isRight`, and says in the journal when that locked somebody's account.
 */
export const createTrying =
  (store: Store, pen: Pen<typeof peopleEvents>, lockout: Lockout) =>
  async (account: string, device: string, isRight: () => Promise<boolean>): Promise<void> => {
    const outcome = await lockout.attempt(account, device, isRight)
    if (outcome === 'right') return
    if ('locked' in outcome) throw lockedOut(outcome.seconds)
    const { left, lockSeconds: seconds } = outcome
    if (seconds > 0 && account !== setupAccount)
      store.write((tx) => {
        pen.append(tx, { type: 'people.locked-out', actor: 'box', data: { account, device, seconds } })
      })
    if (seconds > 0) throw lockedOut(seconds)
    if (account === setupAccount)
      throw new AppError('forbidden', 'people.setup-code-wrong', 'That is not the setup code.', { left })
    throw new AppError('forbidden', 'people.wrong-pin', `Wrong PIN; ${left} tries left.`, { left })
  }

const lockedOut = (seconds: number) =>
  new AppError('too-many', 'people.locked-out', `Locked for ${seconds} s.`, { seconds })
