import { expect, test } from 'vitest'
import { nextContact, unknownContact } from './presence.ts'

const online = (session: string) => ({ state: 'online', session, box: 'b', version: '1' }) as const
const lost = (session: string) => ({ state: 'lost', session, box: 'b', version: '1' }) as const

test('a box is connected by its presence and offline by the last will of the same session', () => {
  const connected = nextContact(unknownContact(1), online('s1'), 2)
  expect(connected).toEqual({ state: 'connected', since: 2, session: 's1', box: 'b', version: '1' })
  expect(connected && nextContact(connected, lost('s1'), 3)).toMatchObject({
    state: 'offline',
    since: 3,
    session: 's1',
  })
})

test('F39: the last will of an old session changes nothing', () => {
  const first = nextContact(unknownContact(1), online('s1'), 2)
  const second = first && nextContact(first, online('s2'), 3)
  expect(second && nextContact(second, lost('s1'), 4)).toBeNull()
})

test('a box’s last word counts like its last will, and stays when the will follows it or it comes again', () => {
  const wiped = { ...online('s1'), state: 'wiped' } as const
  const connected = nextContact(unknownContact(1), online('s1'), 2)
  const gone = connected && nextContact(connected, wiped, 3)
  expect(gone).toMatchObject({ state: 'wiped', since: 3 })
  expect(gone && nextContact(gone, lost('s1'), 4)).toBeNull()
  expect(gone && nextContact(gone, wiped, 5)).toBeNull()
  expect(gone && nextContact(gone, online('s2'), 6)).toMatchObject({ state: 'connected', session: 's2' })
  // A hub that was restored, and one that was away meanwhile; the box that came in its place is not wiped by what is retained.
  expect(nextContact(unknownContact(1), wiped, 2)).toMatchObject({ state: 'wiped' })
  const replaced = nextContact(unknownContact(1), online('s2'), 2)
  expect(replaced && nextContact(replaced, wiped, 3)).toBeNull()
})

test('a presence that is repeated does not begin anew', () => {
  const connected = nextContact(unknownContact(1), online('s1'), 2)
  expect(connected && nextContact(connected, online('s1'), 9)).toBeNull()
  expect(nextContact(unknownContact(1), lost('s1'), 2)).toBeNull()
})
