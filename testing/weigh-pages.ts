import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'

/** What a page of `dist/pages` weighs with all that it loads at once, in KiB: document, scripts, styles as gzip, and the font, which is compressed already. */
export function weighPage(name: string, folder: string): number {
  const loaded = new Set<string>([`${name}.html`])
  const follow = (file: string) => {
    if (loaded.has(file)) return
    loaded.add(file)
    const text = /\.(js|css)$/.test(file) ? readFileSync(join(folder, file), 'utf8') : ''
    if (file.endsWith('.js'))
      for (const [, path = ''] of text.matchAll(/\b(?:from|import)\s*["']\.\/([^"']+)["']/g))
        follow(join(dirname(file), path))
    if (file.endsWith('.css')) for (const [, path = ''] of text.matchAll(/url\(["']?\/([^"')]+)["']?\)/g)) follow(path)
  }
  const html = readFileSync(join(folder, `${name}.html`), 'utf8')
  for (const [, path = ''] of html.matchAll(/(?:href|src)="\/([^"]+)"/g)) follow(path)
  const weigh = (file: string) => {
    const bytes = readFileSync(join(folder, file))
    return file.endsWith('.woff2') ? bytes.length : gzipSync(bytes, { level: 9 }).length
  }
  return [...loaded].reduce((sum, file) => sum + weigh(file), 0) / 1024
}
