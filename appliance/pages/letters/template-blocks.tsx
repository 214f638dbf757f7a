import { Plus } from 'lucide-preact'
import { useRef } from 'preact/hooks'
import type { TemplateList } from '../../letters/templates-view.ts'
import { t } from '../ui/messages.ts'
import { Field } from '../ui/staff/field.tsx'
import { fieldValue } from '../ui/staff/field-value.ts'
import { TextField } from '../ui/staff/text-field.tsx'
import { blockKinds, type DraftBlock, type DraftField, freshId } from './template-draft.ts'
import { moved, PartButtons } from './template-fields.tsx'
import { problemAt, type TemplateProblem } from './template-problems.ts'

type Props = {
  blocks: DraftBlock[]
  fields: readonly DraftField[]
  values: TemplateList['values']
  problems: readonly TemplateProblem[]
  change: (blocks: DraftBlock[]) => void
}

/** What the letter says, part by part, with the names that it may fill in at hand. */
export function TemplateBlocks({ blocks, fields, values, problems, change }: Props) {
  /** Where a name is put that is pressed. */
  const last = useRef<HTMLTextAreaElement | null>(null)

  function insert(name: string) {
    const box = last.current
    if (!box?.isConnected) return
    const { value, selectionStart: start, selectionEnd: end } = box
    const line = value.slice(value.lastIndexOf('\n', start - 1) + 1, start)
    // Alone on a line of words and values a name stands without braces, with the word that belongs to it.
    const isRow = box.closest('[data-kind=rows]') !== null && line.trim() === ''
    box.setRangeText(isRow ? name : `{{${name}}}`, start, end, 'end')
    box.dispatchEvent(new Event('input', { bubbles: true }))
    box.focus()
  }

  const own = fields.filter(({ name, label }) => name !== '' && label !== '')
  const names = [
    ...own.flatMap(({ name, label, kind }) => [
      { name, label },
      ...(kind === 'money' || kind === 'number'
        ? [{ name: `${name}_huruf`, label: t('letters.value-in-words', { label }) }]
        : []),
    ]),
    ...values,
  ]
  return (
    <fieldset
      class="parts"
      onFocusIn={({ target }) => {
        if (target instanceof HTMLTextAreaElement) last.current = target
      }}
    >
      <legend>{t('letters.blocks')}</legend>
      <p class="quiet">{t('letters.blocks-what', examples)}</p>
      <details class="names">
        <summary>{t('letters.values')}</summary>
        <p class="quiet">{t('letters.values-what')}</p>
        <ul>
          {names.map(({ name, label }) => (
            <li key={name}>
              {/* The box that is typed in keeps its caret. */}
              <button
                type="button"
                class="button"
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => insert(name)}
              >
                <b>{name}</b> <span class="quiet">{label}</span>
              </button>
            </li>
          ))}
        </ul>
      </details>
      {problemAt(problems, 'body') && blocks.length === 0 && (
        <p class="wrong" role="alert">
          {problemAt(problems, 'body')}
        </p>
      )}
      {blocks.map((block, index) => {
        const { id, kind, text } = block
        const label = t('letters.block-n', { label: t(`letters.block-${kind}`), n: index + 1 })
        const value = fieldValue(text, (next) =>
          change(blocks.map((one, at) => (at === index ? { ...one, text: next } : one))),
        )
        const problem = problemAt(problems, `body/${index}`)
        return (
          <div key={id} class="part block" data-kind={kind}>
            {kind === 'heading' ? (
              <Field label={label} value={value} maxLength={80} autocomplete="off" problem={problem} />
            ) : (
              <TextField
                label={label}
                hint={kind === 'rows' ? t('letters.block-rows-hint', rowExample) : hintOf(kind)}
                value={value}
                rows={kind === 'family' ? 1 : Math.min(12, Math.max(3, countLines(text)))}
                maxLength={kind === 'text' ? 2_000 : 4_000}
                problem={problem}
              />
            )}
            <PartButtons
              word={label}
              move={(by) => change(moved(blocks, index, by))}
              remove={() => change(blocks.filter((_, at) => at !== index))}
              isFirst={index === 0}
              isLast={index === blocks.length - 1}
            />
          </div>
        )
      })}
      <div class="buttons">
        {blockKinds.map((kind) => (
          <button
            key={kind}
            type="button"
            class="button"
            disabled={blocks.length >= 40}
            onClick={() => change([...blocks, { id: freshId(), kind, text: '' }])}
          >
            <Plus class="icon" strokeWidth={1.8} aria-hidden="true" />
            {t(`letters.block-${kind}`)}
          </button>
        ))}
      </div>
    </fieldset>
  )
}

/** Double braces, which a catalogue cannot hold. */
const examples = {
  value: '{{nama}}',
  given: '{{#keperluan}} … {{/keperluan}}',
  absent: '{{^keperluan}} … {{/keperluan}}',
}
const rowExample = { name: 'nama', row: 'Nama usaha: {{nama_usaha}}' }

const hintOf = (kind: DraftBlock['kind']): string => (kind === 'family' ? t('letters.block-family-hint') : '')

/** As many as it has on the page: a long line is broken. */
const countLines = (text: string): number =>
  text.split('\n').reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / 60)), 0)
