import type { Logger } from 'pino'
import type { Database } from '../base/database.ts'
import type { HubView } from './view.ts'

/** The view is read at most so often: its statements look at all villages. */
const restMs = 1_000
/** And at least so often while somebody looks: ages and "today" move on without any message. */
const everyMs = 15_000

/**
 * Keeps the newest overview for the live pages. Reads it only while somebody looks, or when asked; `onRead` says that
 * there is a new one.
 */
export function createViewKeeper({
  database,
  read,
  isWatched,
  onRead,
  log,
}: {
  database: Database
  read: () => Promise<HubView>
  isWatched: () => boolean
  onRead: () => void
  log: Logger
}) {
  let newest: HubView | null = null
  let reading: Promise<void> | null = null
  let dirty = false
  let timer: NodeJS.Timeout | undefined
  let closed = false
  const regular = setInterval(changed, everyMs)

  /** Something changed: reads again soon if somebody looks. */
  function changed(): void {
    if (closed) return
    if (timer || !isWatched()) {
      dirty = true
      return
    }
    dirty = false
    timer = setTimeout(() => {
      timer = undefined
      void refresh()
    }, restMs)
  }

  function refresh(): Promise<void> {
    reading ??= readOnce().finally(() => {
      reading = null
      if (dirty) changed()
    })
    return reading
  }

  async function readOnce(): Promise<void> {
    if (!database.isUp()) return
    try {
      newest = await read()
      onRead()
    } catch (error) {
      if (database.isUp()) log.error({ err: error }, 'the overview could not be read')
    }
  }

  return {
    changed,
    refresh,
    newest: () => newest,
    async close() {
      closed = true
      clearInterval(regular)
      clearTimeout(timer)
      await reading
    },
  }
}
