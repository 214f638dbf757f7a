import { useSignal } from '@preact/signals'
import { RotateCw } from 'lucide-preact'
import { useEffect, useId, useLayoutEffect, useRef } from 'preact/hooks'
import { contextOf } from '../ui/draw-picture.ts'
import { t } from '../ui/messages.ts'
import { type Corners, guessCorners, isConvex, type Point, wholeOf } from './corners.ts'
import { cutOut, smallCopy, toPhoto, turnRight } from './photo-file.ts'
import './photo.css'

type Props = {
  /** As it was taken. */
  picture: HTMLCanvasElement
  /** The word on the button that keeps it. */
  go: string
  busy: boolean
  problem: string | undefined
  keep: (photo: Blob) => void
  close: () => void
}

const names = ['upper-left', 'upper-right', 'lower-right', 'lower-left'] as const
/** A press of an arrow key moves a corner by so much of the picture; with Shift by more. */
const [step, largeStep] = [0.005, 0.04]

/** Straightens a photo of a paper: its corners are dragged, or moved by arrow keys; it is turned, or kept as it is. */
export function Straighten({ picture, go, busy, problem, keep, close }: Props) {
  const turned = useSignal(picture)
  const corners = useSignal<Corners>(guessOf(picture))
  const working = useSignal(false)
  const frame = useRef<HTMLDivElement>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const whole = useRef<HTMLDivElement>(null)
  const main = useRef<HTMLButtonElement>(null)
  const what = useId()
  const { width, height } = turned.value
  useLayoutEffect(() => {
    turned.value = picture
    corners.value = guessOf(picture)
    // The guess is good most of the time: Enter takes it.
    main.current?.focus({ preventScroll: true })
    whole.current?.scrollIntoView({ block: 'start' })
  }, [picture])
  useEffect(() => {
    if (!canvas.current) return
    canvas.current.width = width
    canvas.current.height = height
    contextOf(canvas.current).drawImage(turned.value, 0, 0)
  }, [turned.value])

  function move(index: number, to: Point) {
    const next = corners.value.map((one, at) =>
      at === index ? { x: clamp(to.x, width), y: clamp(to.y, height) } : one,
    ) as unknown as Corners
    // A paper has no corner inside of itself.
    if (isConvex(next)) corners.value = next
  }
  function drag(index: number, event: PointerEvent) {
    const box = frame.current?.getBoundingClientRect()
    if (!box || !(event.currentTarget as Element).hasPointerCapture(event.pointerId)) return
    move(index, {
      x: ((event.clientX - box.left) / box.width) * width,
      y: ((event.clientY - box.top) / box.height) * height,
    })
  }
  function press(index: number, event: KeyboardEvent) {
    const by = (event.shiftKey ? largeStep : step) * Math.max(width, height)
    const way = { ArrowLeft: [-by, 0], ArrowRight: [by, 0], ArrowUp: [0, -by], ArrowDown: [0, by] }[event.key]
    const now = corners.value[index]
    if (!way || !now) return
    event.preventDefault()
    move(index, { x: now.x + (way[0] ?? 0), y: now.y + (way[1] ?? 0) })
  }
  async function finish(chosen: Corners | null) {
    working.value = true
    // The button shows that it was pressed before a slow phone is busy for a second.
    await new Promise((resolve) => setTimeout(resolve, 20))
    try {
      keep(await toPhoto(cutOut(turned.value, chosen)))
    } finally {
      working.value = false
    }
  }

  const isBusy = busy || working.value
  const part = (value: number, whole: number) => `${(100 * value) / whole}%`
  return (
    <div class="straighten" ref={whole}>
      <p id={what}>{t('photo.straighten-what')}</p>
      <div class="photo-frame" ref={frame} style={{ '--wide': width / height }}>
        <canvas ref={canvas} role="img" aria-label={t('photo.taken')} />
        <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
          <polygon points={corners.value.map(({ x, y }) => `${x},${y}`).join(' ')} />
        </svg>
        {corners.value.map(({ x, y }, index) => (
          <button
            key={names[index]}
            type="button"
            class="corner"
            aria-label={t(`photo.corner-${names[index] ?? 'upper-left'}`)}
            style={{ left: part(x, width), top: part(y, height) }}
            onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
            onPointerMove={(event) => drag(index, event)}
            onKeyDown={(event) => press(index, event)}
          />
        ))}
      </div>
      {problem && (
        <p class="wrong" role="alert">
          {problem}
        </p>
      )}
      <div class="buttons">
        <button
          ref={main}
          type="button"
          class="button button-main"
          aria-describedby={what}
          disabled={isBusy}
          onClick={() => void finish(corners.value)}
        >
          {go}
        </button>
        <button type="button" class="button" disabled={isBusy} onClick={() => void finish(null)}>
          {t('photo.as-it-is')}
        </button>
        <button
          type="button"
          class="button"
          disabled={isBusy}
          onClick={() => {
            turned.value = turnRight(turned.value)
            corners.value = guessOf(turned.value)
          }}
        >
          <RotateCw class="icon" strokeWidth={1.8} aria-hidden="true" />
          {t('photo.turn')}
        </button>
        <button type="button" class="button button-quiet" onClick={close}>
          {t('ui.cancel')}
        </button>
      </div>
    </div>
  )
}

const clamp = (value: number, most: number): number => Math.min(most, Math.max(0, value))

function guessOf(picture: HTMLCanvasElement): Corners {
  const { pixels, scale } = smallCopy(picture)
  const found = guessCorners(pixels)
  if (!found) return wholeOf(picture)
  const large = ({ x, y }: Point): Point => ({
    x: clamp(x * scale, picture.width),
    y: clamp(y * scale, picture.height),
  })
  const [a, b, c, d] = found
  return [large(a), large(b), large(c), large(d)]
}
