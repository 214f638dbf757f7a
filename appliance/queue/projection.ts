import type { Projection } from '../journal/journal.ts'
import type { Db } from '../store/store.ts'

/**
 * The only code that writes the queue's tables. Reads its entry and its own tables, nothing else, and gives the same
 * rows when the journal is folded again.
 */
export function createQueueProjection(db: Db): Projection {
  return { ...foldCatalogue(db), ...foldTickets(db) }
}

function foldCatalogue(db: Db): Projection {
  const insertService = db.prepare(`
    INSERT INTO service (service, prefix, name, requires, minutes, ordinal)
    VALUES (@service, @prefix, @name, @requires, @minutes, @ordinal)`)
  const updateService = db.prepare(
    'UPDATE service SET name = @name, requires = @requires, minutes = @minutes WHERE service = @service',
  )
  const openService = db.prepare('UPDATE service SET open = @open WHERE service = @service')
  const insertCounter = db.prepare('INSERT INTO counter (counter, name, ordinal) VALUES (@counter, @name, @ordinal)')
  const updateCounter = db.prepare('UPDATE counter SET name = @name WHERE counter = @counter')
  const openCounter = db.prepare('UPDATE counter SET open = @open WHERE counter = @counter')
  const staffCounter = db.prepare('UPDATE counter SET account = @account WHERE counter = @counter')
  const leaveOthers = db.prepare('UPDATE counter SET account = NULL WHERE account = @account')
  const deleteServices = db.prepare('DELETE FROM counter_service WHERE counter = @counter')
  const insertCounterService = db.prepare('INSERT INTO counter_service (counter, service) VALUES (@counter, @service)')
  const upsertNotice = db.prepare(
    'INSERT INTO notice (one, text) VALUES (1, @text) ON CONFLICT (one) DO UPDATE SET text = excluded.text',
  )

  const setServices = (counter: string, services: readonly string[]) => {
    deleteServices.run({ counter })
    for (const service of new Set(services)) insertCounterService.run({ counter, service })
  }

  return {
    'queue.service-added': (_tx, { data, row }) => {
      insertService.run({ ...data, requires: JSON.stringify(data.requires), ordinal: row })
    },
    'queue.service-changed': (_tx, { data }) => {
      updateService.run({ ...data, requires: JSON.stringify(data.requires) })
    },
    'queue.service-closed': (_tx, { data }) => {
      openService.run({ ...data, open: 0 })
    },
    'queue.service-opened': (_tx, { data }) => {
      openService.run({ ...data, open: 1 })
    },
    'queue.counter-added': (_tx, { data, row }) => {
      insertCounter.run({ counter: data.counter, name: data.name, ordinal: row })
      setServices(data.counter, data.services)
    },
    'queue.counter-changed': (_tx, { data }) => {
      updateCounter.run({ counter: data.counter, name: data.name })
      setServices(data.counter, data.services)
    },
    'queue.counter-closed': (_tx, { data }) => {
      openCounter.run({ ...data, open: 0 })
      staffCounter.run({ ...data, account: null })
    },
    'queue.counter-opened': (_tx, { data }) => {
      openCounter.run({ ...data, open: 1 })
    },
    'queue.counter-staffed': (_tx, { data }) => {
      leaveOthers.run({ account: data.account })
      staffCounter.run(data)
    },
    'queue.counter-left': (_tx, { data }) => {
      staffCounter.run({ ...data, account: null })
    },
    'queue.notice-changed': (_tx, { data }) => {
      upsertNotice.run(data)
    },
  }
}

function foldTickets(db: Db): Projection {
  const selectDay = db.prepare<[], string>('SELECT day FROM office_day').pluck()
  const upsertDay = db.prepare(`
    INSERT INTO office_day (one, day, since)
    VALUES (1, @day, @since)
    ON CONFLICT (one) DO UPDATE SET day = excluded.day, since = iif(@resets, excluded.since, since)`)
  const carrySeries = db.prepare(`
    INSERT INTO series (day, service, last)
    SELECT @day, service, last FROM series WHERE day = @before
    ON CONFLICT (day, service) DO UPDATE SET last = max(last, excluded.last)`)
  const moveOpenTickets = db.prepare(`UPDATE ticket SET day = @day WHERE state IN ('waiting', 'called', 'serving')`)
  const upsertSeries = db.prepare(`
    INSERT INTO series (day, service, last)
    VALUES (@day, @service, @number)
    ON CONFLICT (day, service) DO UPDATE SET last = max(last, excluded.last)`)
  const insertTicket = db.prepare(`
    INSERT INTO ticket (ticket, day, service, number, label, state, taken_at, taken_clock, ordinal)
    VALUES (@ticket, @day, @service, @number, @label, 'waiting', @at, @clock, @ordinal)`)
  const callTicket = db.prepare(`
    UPDATE ticket
    SET state = 'called', counter = @counter, calls = calls + 1, called_at = coalesce(called_at, @at)
    WHERE ticket = @ticket`)
  const recallTicket = db.prepare('UPDATE ticket SET calls = @count WHERE ticket = @ticket')
  const insertCall = db.prepare(
    'INSERT INTO call (call, ticket, counter, count, at, ordinal) VALUES (@call, @ticket, @counter, @count, @at, @ordinal)',
  )
  const startTicket = db.prepare(`UPDATE ticket SET state = 'serving', started_at = @at WHERE ticket = @ticket`)
  const endTicket = db.prepare(
    'UPDATE ticket SET state = @state, result = @result, ended_at = @at WHERE ticket = @ticket',
  )

  return {
    'queue.day-began': (_tx, { data, row }) => {
      const before = selectDay.get()
      if (before && !data.resets) {
        carrySeries.run({ day: data.day, before })
        moveOpenTickets.run({ day: data.day })
      }
      upsertDay.run({ day: data.day, since: row, resets: data.resets ? 1 : 0 })
    },
    'queue.ticket-taken': (_tx, { data, at, clock, row }) => {
      upsertSeries.run({ day: data.day, service: data.service, number: data.number })
      insertTicket.run({ ...data, at, clock, ordinal: row })
    },
    'queue.ticket-called': (_tx, { data, at, row }) => {
      callTicket.run({ ticket: data.ticket, counter: data.counter, at })
      insertCall.run({ ...data, count: 1, at, ordinal: row })
    },
    'queue.ticket-recalled': (_tx, { data, at, row }) => {
      recallTicket.run({ ticket: data.ticket, count: data.count })
      insertCall.run({ ...data, at, ordinal: row })
    },
    'queue.serving-started': (_tx, { data, at }) => {
      startTicket.run({ ticket: data.ticket, at })
    },
    'queue.ticket-completed': (_tx, { data, at }) => {
      endTicket.run({ ticket: data.ticket, state: 'completed', result: data.result, at })
    },
    'queue.ticket-missed': (_tx, { data, at }) => {
      endTicket.run({ ticket: data.ticket, state: 'no-show', result: null, at })
    },
    'queue.ticket-closed': (_tx, { data, at }) => {
      endTicket.run({ ticket: data.ticket, state: 'closed', result: null, at })
    },
  }
}
