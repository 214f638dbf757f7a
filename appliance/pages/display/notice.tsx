import { useEffect, useRef } from 'preact/hooks'

const turnMs = 12_000

/** The running text. What is longer than its two lines follows in turn, without motion: a line that moves is not read. */
export function Notice({ text }: { text: string }) {
  const box = useRef<HTMLParagraphElement>(null)
  useEffect(() => {
    const timer = setInterval(() => {
      const { current } = box
      if (!current) return
      const next = current.scrollTop + current.clientHeight
      current.scrollTop = next + 1 < current.scrollHeight ? next : 0
    }, turnMs)
    return () => clearInterval(timer)
  }, [])
  return (
    <p class="notice" ref={box}>
      {text}
    </p>
  )
}
