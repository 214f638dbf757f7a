import type { Clock } from '../base/clock.ts'
import { AppError } from '../base/errors.ts'
import { newId } from '../base/ids.ts'
import type { Entry, Event } from '../base/journal/event-registry.ts'
import type { Journal } from '../base/journal/journal.ts'
import type { Store } from '../base/store/store.ts'
import { type AccountRow, createAccounts } from './accounts.ts'
import { peopleEvents, type Role } from './events.ts'
import { createLockout } from './lockout.ts'
import { hashPin, isWeakPin, matchesPin, type PinCost } from './pin.ts'
import type { SetupCode } from './setup-code.ts'
import { createTryTable } from './try-table.ts'
import { createTrying, setupAccount } from './trying.ts'

type Command = { actor: string; key: string | null }
/** Whoever manages people: secretary and head all but technicians, a technician everybody. */
type Managing = Command & { as: Role }

export type People = ReturnType<typeof createPeople>

/** Accounts of the people who work here, and their PINs. `onGuessing`: somebody tries an account's PIN from many devices. */
export function createPeople(
  store: Store,
  journal: Journal,
  clock: Clock,
  setupCode: SetupCode,
  pinCost: PinCost,
  onGuessing: (isGuessed: boolean) => void = () => {},
) {
  const { db } = store
  const pen = journal.pen(peopleEvents)
  const { accounts, account, names, head, headName } = createAccounts(db)
  const selectPin = db.prepare<{ account: string }, string>('SELECT hash FROM pin WHERE account = @account').pluck()
  const upsertPin = db.prepare(
    'INSERT INTO pin (account, hash) VALUES (@account, @hash) ON CONFLICT (account) DO UPDATE SET hash = excluded.hash',
  )
  const lockout = createLockout({
    store: createTryTable(store),
    monotonicMs: clock.monotonicMs,
    hasBudget: (id) => id !== setupAccount, // nobody guesses ten digits; many tries must not shut a technician out
    onGuessing: (_id, isGuessed) => onGuessing(isGuessed || lockout.guessed().length > 0),
  })
  const attempt = createTrying(store, pen, lockout)

  const needsSetup = (): boolean => !accounts().some((row) => row.role === 'technician' && row.active && row.hasPin)

  function assertMayManage(as: Role, ...targets: Role[]): void {
    const target = targets.find((role) => as === 'clerk' || (role === 'technician' && as !== 'technician'))
    if (target)
      throw new AppError('forbidden', 'people.may-not', `A ${as} may not manage a ${target}.`, { role: target })
  }

  function assertNotLast(id: string): void {
    const others = accounts().filter((row) => row.account !== id && row.role === 'technician' && row.active)
    if (account(id).role === 'technician' && others.length === 0) {
      throw new AppError('conflict', 'people.last-technician', 'The last technician cannot be closed or change role.')
    }
  }

  function assertFreeName(name: string, except?: string): void {
    if (accounts().some((row) => row.active && row.account !== except && row.name === name)) {
      throw new AppError('conflict', 'people.name-taken', `There is a ${name} already.`, { name })
    }
  }

  const assertStrong = (pin: string) => {
    if (isWeakPin(pin))
      throw new AppError('invalid', 'people.pin-weak', 'A PIN is six digits, not all alike and not in a row.')
  }

  /** Answers the entry: the one that the command with this key made before, if it comes again. */
  function change(
    event: Event<typeof peopleEvents>,
    check: () => void,
    also: () => void = () => {},
  ): Entry<typeof peopleEvents> {
    return store.write((tx) => {
      const known = pen.entryByKey(event.key, event.type)
      if (known) return known
      check()
      const made = pen.append(tx, event)
      also()
      return made
    })
  }

  /** Throws `people.wrong-pin`, `people.locked-out`, `people.pin-missing` or `people.unknown` unless the PIN is right. */
  async function assertPin(id: string, pin: string, device: string): Promise<AccountRow> {
    const row = account(id)
    if (!row.active) throw new AppError('forbidden', 'people.unknown', 'This account is closed.')
    if (!row.hasPin) throw new AppError('forbidden', 'people.pin-missing', 'This account has no PIN yet.')
    // Read when its turn comes: what waited behind a change of the PIN is compared with the new one. A change while it is
    // compared counts as well.
    await attempt(id, device, async () => {
      const hash = selectPin.get({ account: id }) ?? ''
      return (await matchesPin(pin, hash)) && selectPin.get({ account: id }) === hash
    })
    if (!account(id).active) throw new AppError('forbidden', 'people.unknown', 'This account is closed.')
    return account(id)
  }

  async function addAccount({
    as,
    name,
    role,
    pin,
    actor,
    key,
    also = () => {},
  }: Managing & { name: string; role: Role; pin: string; also?: () => void }): Promise<string> {
    assertMayManage(as, role)
    assertStrong(pin)
    const hash = await hashPin(pin, pinCost)
    const id = newId()
    const entry = change(
      { type: 'people.account-added', actor, key, data: { account: id, name, role } },
      () => assertFreeName(name),
      () => {
        upsertPin.run({ account: id, hash })
        also()
      },
    )
    return (entry as Entry<typeof peopleEvents, 'people.account-added'>).data.account
  }

  return {
    accounts,
    account,
    names,
    head,
    headName,
    needsSetup,
    assertPin,
    addAccount,

    /** Seconds for which an account is locked on some device. */
    lockedSeconds: (id: string) => lockout.longestSeconds(id),

    /** The log-in itself, once the PIN was right. */
    recordLogIn: (id: string, device: string) => {
      store.write((tx) => pen.append(tx, { type: 'people.logged-in', actor: id, data: { account: id, device } }))
    },

    /** The first technician, or a new one when the last was lost: whoever holds the one-time code. The code ends with it. */
    async setUp({
      code,
      name,
      pin,
      device,
    }: {
      code: string
      name: string
      pin: string
      device: string
    }): Promise<string> {
      if (!setupCode.exists())
        throw new AppError('conflict', 'people.setup-done', 'This box is set up, and no setup code is open.')
      await attempt(setupAccount, device, async () => setupCode.matches(code))
      return await addAccount({
        ...{ as: 'technician', name, role: 'technician', pin, actor: 'setup', key: null },
        // Of several that come with the one code at the same time the first has it.
        also: () => {
          if (!setupCode.matches(code))
            throw new AppError('conflict', 'people.setup-done', 'This box is set up, and no setup code is open.')
          setupCode.remove()
        },
      })
    },

    changeAccount({
      as,
      account: id,
      name,
      role,
      actor,
      key,
    }: Managing & { account: string; name: string; role: Role }): void {
      change({ type: 'people.account-changed', actor, key, data: { account: id, name, role } }, () => {
        assertMayManage(as, account(id).role, role)
        assertFreeName(name, id)
        if (role !== 'technician') assertNotLast(id)
      })
    },

    setAccountOpen({ as, account: id, open, actor, key }: Managing & { account: string; open: boolean }): void {
      change(
        { type: open ? 'people.account-opened' : 'people.account-closed', actor, key, data: { account: id } },
        () => {
          assertMayManage(as, account(id).role)
          if (!open) assertNotLast(id)
          if (open) assertFreeName(account(id).name, id)
        },
      )
    },

    async resetPin({ as, account: id, pin, actor, key }: Managing & { account: string; pin: string }): Promise<void> {
      const check = () => assertMayManage(as, account(id).role)
      check()
      assertStrong(pin)
      // The role may be another one by the time that the PIN is hashed.
      setPin({ account: id, hash: await hashPin(pin, pinCost), actor, key }, check)
    },

    async changeOwnPin({
      account: id,
      pin,
      newPin,
      device,
      key,
    }: {
      account: string
      pin: string
      newPin: string
      device: string
      key: string | null
    }): Promise<void> {
      assertStrong(newPin)
      // Hashed before the old one is compared: of two that come with it at the same time the first changes it.
      const hash = await hashPin(newPin, pinCost)
      await assertPin(id, pin, device)
      setPin({ account: id, hash, actor: id, key }, () => {})
    },

    unlock({ as, account: id, actor, key }: Managing & { account: string }): void {
      change(
        { type: 'people.unlocked', actor, key, data: { account: id } },
        () => assertMayManage(as, account(id).role),
        () => lockout.unlock(id),
      )
    },
  }

  function setPin({ account: id, hash, actor, key }: Command & { account: string; hash: string }, check: () => void) {
    change({ type: 'people.pin-changed', actor, key, data: { account: id } }, check, () => {
      upsertPin.run({ account: id, hash })
      lockout.unlock(id)
    })
  }
}
