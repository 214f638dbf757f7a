import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { preact } from '@preact/preset-vite'
import { build, defineConfig, type Plugin, type Rolldown } from 'vite'
import { type Catalogue, defaultLanguage, readCatalogues } from './appliance/base/messages/catalogues.ts'
import { filesOfRooms, folderOf } from './appliance/base/program-files.ts'
import { pagesOf } from './appliance/base/rooms/room.ts'
import { readDrafts } from './appliance/pages/drafts.ts'
import { mayMeet, readPages, sharedMessages } from './appliance/pages/pages.ts'
import { rooms } from './appliance/rooms.ts'

const pages = await readPages()
const catalogueFolder = 'appliance/base/messages'

/** Those of the cheapest phones and oldest PCs that still get a new Chromium or Firefox ESR. */
const oldestBrowsers = ['chrome87', 'firefox91', 'safari14']

export default defineConfig({
  plugins: [
    preact({ devToolsEnabled: false }),
    olderBuiltIns(),
    smallIcons(),
    homeLinks(),
    pageMessages(),
    pageDocuments(),
    compressed(),
    keptCheck(),
  ],
  worker: { format: 'es' },
  build: {
    outDir: 'dist/pages',
    emptyOutDir: true,
    target: oldestBrowsers,
    // The content security policy of the box is `default-src 'self'`: no data: address, no script in the document.
    assetsInlineLimit: 0,
    modulePreload: false,
    rolldownOptions: { input: Object.fromEntries(Object.entries(pages).map(([name, page]) => [name, page.entry])) },
  },
})

/** What libraries use and the oldest browsers of docs/hardware.md lack. */
function olderBuiltIns(): Plugin {
  return {
    name: 'balai-older-built-ins',
    transform: (code, id) =>
      id.includes('node_modules') && code.includes('Object.hasOwn(')
        ? code.replaceAll('Object.hasOwn(', 'Object.prototype.hasOwnProperty.call(')
        : undefined,
  }
}

/** Lucide's drawings in a component of ours; fails where a new lucide builds them another way. */
function smallIcons(): Plugin {
  let isUsed = false
  return {
    name: 'balai-small-icons',
    transform(_code, id) {
      if (!/lucide-preact\/dist\/esm\/createLucideIcon\.m?js$/.test(id)) return
      isUsed = true
      return `export { createLucideIcon as default } from '/appliance/pages/ui/lucide-icon.ts'`
    },
    buildEnd() {
      if (!isUsed)
        this.error('lucide-preact has no createLucideIcon.mjs any more: see appliance/pages/ui/lucide-icon.ts')
    },
  }
}

/** `rooms:home` holds the names of the pages that the home page leads to, in its order. */
function homeLinks(): Plugin {
  const names = pagesOf(rooms).flatMap(({ name, home }) => (home === undefined ? [] : [name]))
  return {
    name: 'balai-home-links',
    resolveId: (id) => (id === 'rooms:home' ? '\0rooms:home' : undefined),
    load: (id) => (id === '\0rooms:home' ? `export const links = ${JSON.stringify(names)}` : undefined),
  }
}

/** `messages:kiosk` holds the kiosk's messages in the default language and loads another one when it is chosen. */
function pageMessages(): Plugin {
  const virtual = '\0messages:'
  return {
    name: 'balai-page-messages',
    resolveId: (id) => (id.startsWith('messages:') ? `\0${id}` : undefined),
    load(id) {
      if (!id.startsWith(virtual)) return
      for (const language of readCatalogues().keys())
        this.addWatchFile(`${process.cwd()}/${catalogueFolder}/${language}.json`)
      for (const language of readCatalogues().keys())
        this.addWatchFile(join(folderOf('consoleWords'), `messages.${language}.json`))
      for (const { path } of filesOfRooms(/^messages\..+\.json$/)) this.addWatchFile(path)
      const [whole = '', language] = id.slice(virtual.length).split('/')
      const [page = '', later] = whole.split('+')
      const drafts = new Map([...readDrafts()].filter(([, draft]) => Object.hasOwn(draft, `${page}.title`)))
      for (const code of readDrafts().keys()) this.addWatchFile(`${process.cwd()}/appliance/pages/drafts/${code}.json`)
      const all = new Map([...readCatalogues(), ...drafts])
      const texts = (code: string) => JSON.stringify(pick(all.get(code) ?? {}, page, later))
      if (language) return `export const texts = ${texts(language)}`
      const names = [...all].map(([code, catalogue]) => [code, catalogue['language.name']])
      const others = names.filter(([code]) => code !== defaultLanguage)
      const load = `{ ${others.map(([code]) => `'${code}': () => import('messages:${whole}/${code}')`).join(', ')} }`
      if (later)
        return [
          `import { addMessages } from '/appliance/pages/ui/messages.ts'`,
          `export const ready = addMessages({ texts: ${texts(defaultLanguage)}, load: ${load} })`,
        ].join('\n')
      return [
        `import { installMessages } from '/appliance/pages/ui/messages.ts'`,
        `installMessages({ home: '${defaultLanguage}', page: '${page}', texts: ${texts(defaultLanguage)},`,
        `  names: ${JSON.stringify(Object.fromEntries(names))}, drafts: ${JSON.stringify([...drafts.keys()])},`,
        `  load: ${load} })`,
      ].join('\n')
    },
  }
}

/** The groups that a page carries, and of the refusals those that it may meet; or one group that comes `later`. */
function pick(catalogue: Catalogue, name: string, later?: string): Catalogue {
  const page = pages[name] ?? { messages: [], refusals: [] }
  const groups: readonly string[] = later ? [later] : [...sharedMessages, ...page.messages]
  const carried = (key: string) => {
    const [group = '', ...code] = key.split('.')
    return groups.includes(group) && (group !== 'error' || mayMeet(page, code.join('.')))
  }
  return Object.fromEntries(Object.entries(catalogue).filter(([key]) => carried(key)))
}

/** Writes `<page>.html` around each entry: the documents differ in title, theme and file names only. */
function pageDocuments(): Plugin {
  return {
    name: 'balai-page-documents',
    generateBundle: {
      // After Vite has taken out the chunks that hold nothing but styles.
      order: 'post',
      handler(_options, bundle) {
        const words = readCatalogues().get(defaultLanguage) ?? {}
        const files = Object.values(bundle)
        const icon = this.emitFile({
          type: 'asset',
          name: 'mark.svg',
          source: readFileSync('appliance/pages/ui/mark.svg'),
        })
        const font = files.find((file) => file.fileName.endsWith('.woff2'))?.fileName
        for (const [name, page] of Object.entries(pages)) {
          const entry = files.find(
            (file): file is Rolldown.OutputChunk => file.type === 'chunk' && file.isEntry && file.name === name,
          )
          if (!entry) throw new Error(`No entry chunk for page ${name}`)
          const chunks = chunksOf(entry, bundle)
          const styles = new Set(chunks.flatMap((chunk) => [...(chunk.viteMetadata?.importedCss ?? [])]))
          const html = [
            `<!doctype html>`,
            `<html lang="${defaultLanguage}"${page.theme === 'auto' ? '' : ` data-theme="${page.theme}"`}>`,
            `<head>`,
            `<meta charset="utf-8">`,
            `<meta name="viewport" content="width=device-width,initial-scale=1">`,
            `<meta name="color-scheme" content="${page.theme === 'auto' ? 'light dark' : page.theme}">`,
            `<title>${words[`${name}.title`]}</title>`,
            `<link rel="icon" type="image/svg+xml" href="/${this.getFileName(icon)}">`,
            font ? `<link rel="preload" as="font" type="font/woff2" crossorigin href="/${font}">` : '',
            ...[...styles].map((file) => `<link rel="stylesheet" href="/${file}">`),
            ...chunks.slice(0, -1).map((chunk) => `<link rel="modulepreload" href="/${chunk.fileName}">`),
            `<script type="module" src="/${entry.fileName}"></script>`,
            `</head>`,
            // Hidden as soon as the page is drawn: a browser that cannot read the script says why it stays white.
            `<body><div id="app"></div><p class="too-old">${words['ui.too-old']}</p><noscript>${words['ui.no-script']}</noscript></body>`,
            `</html>`,
          ]
          this.emitFile({ type: 'asset', fileName: `${name}.html`, source: html.filter(Boolean).join('\n') })
        }
      },
    },
  }
}

/** The entry and all that it imports at once, in the order in which they run: so their styles come in order, too. */
function chunksOf(entry: Rolldown.OutputChunk, bundle: Rolldown.OutputBundle): Rolldown.OutputChunk[] {
  const found = new Set<Rolldown.OutputChunk>()
  const seen = new Set<string>()
  function visit(chunk: Rolldown.OutputChunk) {
    seen.add(chunk.fileName)
    for (const name of chunk.imports) {
      const imported = bundle[name]
      if (imported?.type === 'chunk' && !seen.has(name)) visit(imported)
    }
    found.add(chunk)
  }
  visit(entry)
  return [...found]
}

/** `kept-check.html`: a page that is one file by itself, which a phone keeps. Whoever serves it puts its list in. */
function keptCheck(): Plugin {
  const words: Plugin = {
    name: 'balai-kept-words',
    resolveId: (id) => (id === 'words:keep' ? '\0words:keep' : undefined),
    load(id) {
      if (id !== '\0words:keep') return
      const carried = ([key]: [string, string]) => /^(check|keep)\.|^language\.name$/.test(key)
      const texts = [...readCatalogues()].map(([code, catalogue]) => [
        code,
        Object.fromEntries(Object.entries(catalogue).filter(carried)),
      ])
      return `export const texts = ${JSON.stringify(Object.fromEntries(texts))}`
    },
  }
  return {
    name: 'balai-kept-check',
    async generateBundle() {
      const built = await build({
        configFile: false,
        logLevel: 'warn',
        plugins: [preact({ devToolsEnabled: false }), olderBuiltIns(), words],
        build: {
          write: false,
          target: oldestBrowsers,
          assetsInlineLimit: Number.POSITIVE_INFINITY,
          modulePreload: false,
          rolldownOptions: {
            input: 'appliance/pages/keep/keep.tsx',
            output: { format: 'es', codeSplitting: false },
          },
        },
      })
      const files = [built].flat().flatMap((one) => ('output' in one ? one.output : []))
      const style = files.flatMap((file) =>
        file.type === 'asset' && file.fileName.endsWith('.css') ? [file.source] : [],
      )
      const script = files.flatMap((file) => (file.type === 'chunk' ? [file.code] : []))
      const said = readCatalogues().get(defaultLanguage) ?? {}
      const source = [
        `<!doctype html>`,
        `<html lang="${defaultLanguage}">`,
        `<head>`,
        `<meta charset="utf-8">`,
        `<meta name="viewport" content="width=device-width,initial-scale=1">`,
        `<meta name="color-scheme" content="light dark">`,
        // Nothing leaves it, and nothing is asked for.
        `<meta http-equiv="content-security-policy" content="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; font-src data:">`,
        `<title>${said['check.title']}</title>`,
        `<style>${style.join('\n')}</style>`,
        `</head>`,
        `<body><div id="app"></div><p class="too-old">${said['ui.too-old']}</p><noscript>${said['ui.no-script']}</noscript>`,
        `<script type="application/json" id="list">{"list":"here"}</script>`,
        `<script type="module">${script.join('\n').replaceAll('</script', '<\\/script')}</script>`,
        `</body>`,
        `</html>`,
      ]
      this.emitFile({ type: 'asset', fileName: 'kept-check.html', source: source.join('\n') })
    },
  }
}

/** A `.gz` beside each script and style, so that a small box sends it without compressing it for every visitor. */
function compressed(): Plugin {
  return {
    name: 'balai-compressed',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        for (const file of Object.values(bundle)) {
          if (!/\.(js|css|svg)$/.test(file.fileName)) continue
          const source = gzipSync(file.type === 'chunk' ? file.code : file.source, { level: 9 })
          this.emitFile({ type: 'asset', fileName: `${file.fileName}.gz`, source })
        }
      },
    },
  }
}
