import { useSignal } from '@preact/signals'
import { useRef } from 'preact/hooks'
import { ask, explain } from '../api.ts'
import { heedRefusal } from './session.ts'

type List<Page, Row> = {
  /** Of the page behind a row; null: the first. */
  address: (behind: Row | null) => string
  rowsOf: (page: Page) => Row[]
}

/** A list that comes a page at a time, the newest first. */
export function usePages<Page extends { more: boolean }, Row>({ address, rowsOf }: List<Page, Row>) {
  const newest = useSignal<Page | null>(null)
  const rows = useSignal<Row[]>([])
  const more = useSignal(false)
  const problem = useSignal<string | null>(null)
  const turn = useRef(0)

  /** Goes on behind `from` until `least` are here; an answer that another turn has overtaken is left. */
  async function fill(from: Row[], least: number) {
    const own = ++turn.current
    try {
      let found = from
      let first: Page | null = null
      let page: Page
      do {
        page = await ask<Page>('GET', address(found[found.length - 1] ?? null))
        if (own !== turn.current) return
        if (found.length === 0) first = page
        found = [...found, ...rowsOf(page)]
      } while (page.more && found.length < least)
      if (first) newest.value = first
      rows.value = found
      more.value = page.more
      problem.value = null
    } catch (error) {
      problem.value = explain(error)
      heedRefusal(error)
    }
  }
  return {
    ...{ newest, rows, more, problem },
    /** The newest page, and nothing else. */
    begin: () => fill([], 1),
    /** As many as are shown, as they stand now. */
    refresh: () => fill([], rows.value.length),
    older: () => fill(rows.value, rows.value.length + 1),
  }
}
