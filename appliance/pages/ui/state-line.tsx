import { CloudOff, TriangleAlert } from 'lucide-preact'
import type { ComponentChildren } from 'preact'

/** One line that says what is the matter: a calm cloud (offline, stale) or what needs a person (error). */
export function StateLine({ kind, children }: { kind: 'cut' | 'error'; children: ComponentChildren }) {
  const Icon = kind === 'cut' ? CloudOff : TriangleAlert
  return (
    <p class={`state state-${kind}`} role={kind === 'error' ? 'alert' : 'status'}>
      <Icon class="icon" strokeWidth={1.8} aria-hidden="true" />
      <span>{children}</span>
    </p>
  )
}
