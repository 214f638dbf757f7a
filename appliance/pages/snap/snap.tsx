import 'messages:snap'
import '../ui/base.css'
import '../ui/theme-auto.css'
import '../ui/button.css'
import '../phone/phone.css'
import './snap.css'
import { useSignal } from '@preact/signals'
import { Camera, Check } from 'lucide-preact'
import { useEffect, useRef } from 'preact/hooks'
import type { CasePhoneView } from '../../cases/views.ts'
import { workSide } from '../cases/photo-file.ts'
import { Straighten } from '../cases/straighten.tsx'
import { ask, codeOf, explain, newKey } from '../ui/api.ts'
import { drawPicture } from '../ui/draw-picture.ts'
import { formatTime } from '../ui/format.ts'
import { LanguageSwitch } from '../ui/language-switch.tsx'
import { Mark } from '../ui/mark.tsx'
import { t } from '../ui/messages.ts'
import { mount } from '../ui/mount.tsx'
import { sealFor } from '../ui/seal.ts'
import { StateLine } from '../ui/state-line.tsx'

const sendMs = 90_000
const againMs = 4_000

/** A phone that a clerk has paired for one case: it takes photos of its papers, one after the other, and sees nothing else. */
function Snap({ link }: { link: string }) {
  const view = useSignal<CasePhoneView | 'ended' | null>(null)
  const cut = useSignal(false)
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const load = () => {
      void look().then((isThere) => {
        timer = setTimeout(load, isThere ? 5 * againMs : againMs)
      })
    }
    load()
    return () => clearTimeout(timer)
  }, [])

  async function look(): Promise<boolean> {
    if (view.value === 'ended') return true
    try {
      view.value = await ask<CasePhoneView>('GET', `/api/case-phone/${link}`)
      cut.value = false
      return true
    } catch (error) {
      if (['case-phone.ended', 'invalid', 'not-found'].includes(codeOf(error))) view.value = 'ended'
      else cut.value = true
      return false
    }
  }

  if (view.value === 'ended')
    return (
      <main class="phone">
        <div class="alone">
          <Mark />
          <h1>{t('snap.ended')}</h1>
          <p class="quiet">{t('snap.ended-what')}</p>
        </div>
      </main>
    )
  if (view.value === null)
    return <main class="phone">{cut.value && <StateLine kind="cut">{t('snap.cut')}</StateLine>}</main>
  return (
    <main class="phone">
      <header>
        <Mark />
        <b>{view.value.office}</b>
      </header>
      {cut.value && <StateLine kind="cut">{t('snap.cut')}</StateLine>}
      <Papers view={view.value} link={link} sent={() => void look()} />
      <footer>
        <LanguageSwitch keep="remember" />
      </footer>
    </main>
  )
}

type Chosen = { paper: string | null; picture: HTMLCanvasElement }

function Papers({ view, link, sent }: { view: CasePhoneView; link: string; sent: () => void }) {
  const { title, papers, others, until, recipient } = view
  const chosen = useSignal<Chosen | null>(null)
  const problem = useSignal<string | undefined>(undefined)
  const said = useSignal<string | null>(null)
  const busy = useSignal(false)
  /** The same while nobody knows whether it arrived: sent twice, it is one. */
  const key = useRef(newKey())

  async function read(paper: string | null, input: HTMLInputElement) {
    const [file] = input.files ?? []
    input.value = ''
    if (!file) return
    said.value = null
    try {
      chosen.value = { paper, picture: await drawPicture(file, workSide) }
      problem.value = undefined
    } catch {
      problem.value = t('photo.no-picture', { name: file.name })
    }
  }
  async function send(photo: Blob) {
    if (!chosen.value) return
    const { paper } = chosen.value
    busy.value = true
    try {
      const query = new URLSearchParams({ ...(paper === null ? {} : { paper }), key: key.current })
      await ask(
        'POST',
        `/api/case-phone/${link}?${query}`,
        await sealFor(recipient, new Uint8Array(await photo.arrayBuffer())),
        sendMs,
      )
      key.current = newKey()
      chosen.value = null
      problem.value = undefined
      said.value = t('snap.sent', { paper: paper ?? t('photo.other') })
      sent()
    } catch (error) {
      problem.value = explain(error)
      if (codeOf(error) !== 'unreachable') key.current = newKey()
      if (codeOf(error) === 'case-phone.ended') sent()
    } finally {
      busy.value = false
    }
  }

  if (chosen.value)
    return (
      <section>
        <h1>{chosen.value.paper ?? t('photo.other')}</h1>
        <Straighten
          picture={chosen.value.picture}
          go={t('snap.send')}
          busy={busy.value}
          problem={problem.value}
          keep={(photo) => void send(photo)}
          close={() => {
            chosen.value = null
            problem.value = undefined
          }}
        />
      </section>
    )
  return (
    <section>
      <h1>{title}</h1>
      <p>{t('snap.what')}</p>
      <p class="said" role="status">
        {said.value}
      </p>
      {problem.value && <StateLine kind="error">{problem.value}</StateLine>}
      <ul class="shots">
        {[...papers.map(({ name, photos }) => ({ name, photos })), { name: null, photos: others }].map((one) => (
          <li key={one.name ?? ''}>
            <label class="button">
              {one.photos > 0 ? (
                <Check class="icon" strokeWidth={1.8} aria-hidden="true" />
              ) : (
                <Camera class="icon" strokeWidth={1.8} aria-hidden="true" />
              )}
              <span>
                {one.name ?? t('photo.other')}
                {one.photos > 0 && <small class="quiet"> {t('snap.photos', { n: one.photos })}</small>}
              </span>
              <input
                class="unseen"
                type="file"
                accept="image/*"
                capture="environment"
                onChange={({ currentTarget }) => void read(one.name, currentTarget)}
              />
            </label>
          </li>
        ))}
      </ul>
      <p class="quiet">{t('snap.until', { time: formatTime(until) })}</p>
    </section>
  )
}

mount(<Snap link={location.pathname.split('/')[2] ?? ''} />)
