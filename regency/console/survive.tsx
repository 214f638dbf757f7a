import type { ComponentChildren } from 'preact'
import { useEffect, useErrorBoundary } from 'preact/hooks'

/** What cannot be drawn leaves its own place empty, or `instead`, and not the page; the next view tries again. */
export function Survive({ children, instead = null }: { children: ComponentChildren; instead?: ComponentChildren }) {
  const [failed, tryAgain] = useErrorBoundary((error) => console.error(error))
  // Each view brings new children, and only that is a reason to try.
  useEffect(() => {
    if (failed) tryAgain()
  }, [children])
  return <>{failed ? instead : children}</>
}
