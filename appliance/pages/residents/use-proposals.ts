import { useComputed } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { ProposalsNow } from '../../proposals/views.ts'
import { useLive } from '../ui/live.ts'
import { mayWatch, refreshSession } from '../ui/staff/session.ts'

/** Calls `look` at first, and again whenever something became of a proposal: made here or elsewhere, taken back, answered. */
export function useProposals(look: () => unknown, also: readonly unknown[] = []): void {
  const { view } = useLive<ProposalsNow>('/live/proposals', { refused: refreshSession, mayOpen: mayWatch })
  const now = useComputed(() => JSON.stringify(view.value))
  useEffect(() => void look(), [now.value, ...also])
}
