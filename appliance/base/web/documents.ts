import { hash } from 'node:crypto'

/** The text of a view, its tag for whoever asks whether it is another one, and since when (monotonic ms). */
export type Document = { text: string; tag: string; at: number; changed: boolean }

/**
 * The newest text of each view, made once for all who look at it: by a stream or by asking. After a change it is made
 * anew for the next who looks. Views of which nobody asks are forgotten.
 */
export function createDocuments(monotonicMs: () => number) {
  const known = new Map<string, Document>()
  return {
    /** One that may be `oldMs` behind a change. Throws what `compute` throws; the document before it stays. */
    read(name: string, compute: () => unknown, oldMs = 0): Document {
      const now = monotonicMs()
      const before = known.get(name)
      if (before && (!before.changed || now - before.at < oldMs)) return before
      const text = JSON.stringify(compute())
      const document = { text, tag: `"${hash('sha256', text, 'base64url').slice(0, 20)}"`, at: now, changed: false }
      known.set(name, document)
      return document
    },
    changed(shows: (name: string) => boolean): void {
      for (const [name, document] of known) {
        if (!shows(name)) continue
        if (document.changed) known.delete(name)
        else document.changed = true
      }
    },
  }
}
