import type { TriedTemplate } from '../../letters/templates-view.ts'
import { t } from '../ui/messages.ts'

type Props = {
  /** Null: it could not be set yet. */
  paper: TriedTemplate['paper']
  /** Whether what is typed now cannot be set, and this is from before. */
  stale: boolean
}

/** The letter as a citizen would get it, with words for an example. */
export function PaperPreview({ paper, stale }: Props) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a long letter is scrolled by keys
    <section class="preview" aria-label={t('letters.preview')} tabIndex={0}>
      <h2>{t('letters.preview')}</h2>
      <p class="quiet">{stale && paper ? t('letters.preview-stale') : t('letters.preview-what')}</p>
      {paper && <p class="quiet">{t('letters.preview-paper', { paper: t(`letters.paper-${paper.paper}`) })}</p>}
      {paper && (
        <div class={`sheet-of-paper ${stale ? 'stale' : ''}`}>
          <header class={paper.arms ? 'with-arms' : ''}>
            {paper.arms && <img src={`/api/letters/arms/picture?v=${paper.arms}`} alt={t('letters.arms')} />}
            {paper.regency && <p>{t('letters.paper-government', { name: paper.regency })}</p>}
            {paper.district && <p>{t('letters.paper-district', { name: paper.district })}</p>}
            <p class="office">{paper.office}</p>
            {paper.address && <p class="address">{paper.address}</p>}
          </header>
          <h3>{paper.content.title}</h3>
          <p class="number">{t('letters.paper-number', { number: paper.written })}</p>
          {paper.content.blocks.map((block, index) => (
            <Block key={index} block={block} />
          ))}
          <Signers paper={paper} />
        </div>
      )}
    </section>
  )
}

/** Whoever signs for the office, and who signs besides: the first left of it, the others below. */
function Signers({ paper: { place, content } }: { paper: NonNullable<Props['paper']> }) {
  const { lines, name, number, others = [] } = content.signature
  const [beside, ...below] = others.map(({ title, name }) => (
    <div key={title} class="signed">
      <p>{title}</p>
      <p class="name">{name || '................................'}</p>
    </div>
  ))
  return (
    <div class="signers">
      {beside}
      <div class="signed office-signs">
        <p>{place}</p>
        {lines.map((line) => (
          <p key={line}>{line}</p>
        ))}
        <p class="name">{name}</p>
        {number && <p>{number}</p>}
      </div>
      {below}
    </div>
  )
}

type OneBlock = NonNullable<TriedTemplate['paper']>['content']['blocks'][number]

function Block({ block }: { block: OneBlock }) {
  if ('text' in block) return <p class="text">{block.text}</p>
  if ('heading' in block) return <h4>{block.heading}</h4>
  if ('head' in block)
    return (
      <table>
        <thead>
          <tr>
            {block.head.map((word) => (
              <th key={word}>{word}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {block.lines.map((line) => (
            <tr key={line.join()}>
              {line.map((value, at) => (
                <td key={block.head[at]}>{value}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    )
  return (
    <dl>
      {block.rows.map(([word, value]) => (
        <div key={word}>
          <dt>{word}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
