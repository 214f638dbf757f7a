import { useSignal } from '@preact/signals'
import { FileUp, Plus } from 'lucide-preact'
import { useEffect, useId } from 'preact/hooks'
import type { TemplateList, TemplateView, TriedTemplate } from '../../letters/templates-view.ts'
import { ask, explain } from '../ui/api.ts'
import { t } from '../ui/messages.ts'
import { readText } from '../ui/read-text.ts'
import { heedRefusal } from '../ui/staff/session.ts'
import { StateLine } from '../ui/state-line.tsx'
import { type Draft, newDraft, toDraft } from './template-draft.ts'
import { TemplateEditor } from './template-editor.tsx'
import { sentenceOf } from './template-problems.ts'
import { TemplateRow } from './template-row.tsx'
import './templates.css'

/** As much as the box takes in one request. */
const mostFileBytes = 60_000

/** What is being written, and what it was made from: kept until it is saved or thrown away. */
export type Written = { draft: Draft; view: TemplateView | null; changed: boolean }

/** Kinds of letters: those that came along, the regency's, the office's own; each can be had as the office wants it. */
export function Templates() {
  const list = useSignal<TemplateList | null>(null)
  const problem = useSignal<string | null>(null)
  const query = useSignal('')
  /** By code; the empty one is a new one. What was typed stays while another is looked at. */
  const written = useSignal<Record<string, Written>>({})
  const editing = useSignal<string | null>(null)
  const said = useSignal<string | null>(null)
  const wrongFile = useSignal<{ name: string; sentences: string[] } | null>(null)
  const id = useId()

  async function load() {
    try {
      list.value = await ask<TemplateList>('GET', '/api/letters/kinds')
      problem.value = null
    } catch (error) {
      problem.value = explain(error)
      heedRefusal(error)
    }
  }
  useEffect(() => void load(), [])

  const begin = (code: string, draft: Draft, view: TemplateView | null, changed: boolean) => {
    written.value = { ...written.value, [code]: { draft, view, changed } }
    editing.value = code
    said.value = null
    wrongFile.value = null
  }

  async function edit(code: string) {
    if (written.value[code]?.changed) {
      editing.value = code
      return
    }
    try {
      const view = await ask<TemplateView>('GET', `/api/letters/kinds/${code}`)
      begin(code, toDraft(view.template), view, false)
    } catch (error) {
      problem.value = explain(error)
      heedRefusal(error)
    }
  }

  /** A file of another office: held against what a template is before anything of it is shown. */
  async function bring(file: File) {
    wrongFile.value = null
    const wrong = (...sentences: string[]) => {
      wrongFile.value = { name: file.name, sentences }
    }
    if (file.size > mostFileBytes) return wrong(t('letters.kind-file-large'))
    let template: unknown
    try {
      template = JSON.parse(await readText(file))
    } catch {
      return wrong(t('letters.kind-file-no-json'))
    }
    try {
      const { problems } = await ask<TriedTemplate>('POST', '/api/letters/kinds/try', { template })
      if (problems.length > 0)
        return wrong(...problems.map((one) => [placeOf(one.where), sentenceOf(one)].filter(Boolean).join(': ')))
      const draft = toDraft(template as Parameters<typeof toDraft>[0])
      const isKnown = list.value?.templates.some(({ code }) => code === draft.code)
      const view = isKnown ? await ask<TemplateView>('GET', `/api/letters/kinds/${draft.code}`) : null
      begin(draft.code, draft, view, true)
    } catch (error) {
      wrong(explain(error))
      heedRefusal(error)
    }
  }

  const open = editing.value === null ? undefined : written.value[editing.value]
  if (open && editing.value !== null && list.value) {
    const code = editing.value
    return (
      <TemplateEditor
        key={code}
        written={open}
        values={list.value.values}
        change={(draft) => {
          written.value = { ...written.value, [code]: { ...open, draft, changed: true } }
        }}
        discard={() => {
          const { [code]: _, ...rest } = written.value
          written.value = rest
          if (code === '') editing.value = null
          else void edit(code)
        }}
        saved={async (now, sentence) => {
          const { [code]: _, ...rest } = written.value
          written.value = rest
          await Promise.all([edit(now), load()])
          said.value = sentence
        }}
        said={said.value}
        close={() => {
          editing.value = null
          said.value = null
          void load()
        }}
      />
    )
  }

  const words = query.value.toLowerCase().split(/\s+/).filter(Boolean)
  const shown = (list.value?.templates ?? []).filter(({ title, aka }) => {
    const text = [title, ...aka].join(' ').toLowerCase()
    return words.every((word) => text.includes(word))
  })
  return (
    <>
      <header class="room">
        <div>
          <h1>{t('letters.kinds')}</h1>
          <p class="quiet">{t('letters.kinds-what')}</p>
        </div>
        <div class="buttons">
          <label class="button file">
            <FileUp class="icon" strokeWidth={1.8} aria-hidden="true" />
            {t('letters.kind-import')}
            <input
              class="unseen"
              type="file"
              accept=".json,.txt,application/json,text/plain"
              onChange={({ currentTarget }) => {
                const [file] = currentTarget.files ?? []
                if (file) void bring(file)
                // The same file may be chosen again once it was mended.
                currentTarget.value = ''
              }}
            />
          </label>
          <button
            type="button"
            class="button button-main"
            onClick={() => {
              if (written.value['']) editing.value = ''
              else begin('', newDraft(t('letters.kind-begin', braces), t('letters.kind-end')), null, false)
            }}
          >
            <Plus class="icon" strokeWidth={1.8} aria-hidden="true" />
            {t('letters.kind-new')}
          </button>
        </div>
      </header>
      {problem.value && <StateLine kind="error">{problem.value}</StateLine>}
      {wrongFile.value && (
        <div class="group wrong-file" role="alert">
          <b>{t('letters.kind-file-wrong', { name: wrongFile.value.name })}</b>
          <ul>
            {wrongFile.value.sentences.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        </div>
      )}
      <div class="field find-kind">
        <label for={id}>{t('letters.kind-find')}</label>
        <input
          id={id}
          type="search"
          value={query.value}
          autocomplete="off"
          onInput={({ currentTarget }) => {
            query.value = currentTarget.value
          }}
        />
      </div>
      {list.value && shown.length === 0 && (
        <div class="nobody">
          <p>{t('letters.none-found')}</p>
        </div>
      )}
      {shown.length > 0 && (
        <ul class="group">
          {shown.map((line) => (
            <TemplateRow
              key={line.code}
              line={line}
              unsaved={written.value[line.code]?.changed === true}
              edit={() => void edit(line.code)}
              changed={() => void load()}
            />
          ))}
        </ul>
      )}
    </>
  )
}

/** What a new letter begins with names these; a catalogue cannot hold double braces. */
const braces = { title: '{{jabatan}}', district: '{{kecamatan}}' }

/** Where in a file: as its members are called. */
const placeOf = (where: string): string => where.split('/').join(' › ')
