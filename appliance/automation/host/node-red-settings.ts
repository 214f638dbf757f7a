import { join } from 'node:path'
import { readEditorPass } from '../editor-pass.ts'
import type { FlowNodeSet } from '../node-sets.ts'
import type { LinkAddress } from './link.ts'
import type { createStorage } from './storage.ts'

/** Files of core nodes that are no part of the closed palette, by the sets that bring them back. */
const setFiles = {
  'http-request': ['21-httprequest.js'],
  mqtt: ['10-mqtt.js'],
  file: ['10-file.js'],
  watch: ['23-watch.js'],
  websocket: ['22-websocket.js'],
  xml: ['70-XML.js'],
  html: ['70-HTML.js'],
  yaml: ['70-YAML.js'],
} as const satisfies Record<FlowNodeSet, readonly string[]>

/** What stays out of a box whatever its configuration says: a shell, and doors of its own. */
const never = ['90-exec.js', '31-tcpin.js', '32-udp.js', '21-httpin.js', '06-httpproxy.js', '05-tls.js']

type Given = {
  modules: string
  userDir: string
  link: LinkAddress
  storage: ReturnType<typeof createStorage>
  credentialSecret: string
  nodeSets: readonly string[]
  safeMode: boolean
  onError: (message: string) => void
}

/** What Node-RED runs with on a box: its palette closed, nothing sent or fetched, the box's login before its editor. */
export function nodeRedSettings(given: Given) {
  const allowed: readonly string[] = given.nodeSets
  const shut = Object.entries(setFiles).flatMap(([name, files]) => (allowed.includes(name) ? [] : files))
  // TLS settings belong to the nodes that speak with somebody.
  const ofTls = allowed.some((name) => ['mqtt', 'http-request', 'websocket'].includes(name)) ? ['05-tls.js'] : []
  return {
    httpAdminRoot: '/flows',
    httpNodeRoot: false,
    userDir: given.userDir,
    nodesDir: [join(given.modules, 'flows')],
    // What our nodes find the box by. Settings that no node exports reach no editor.
    balai: given.link,
    storageModule: given.storage,
    credentialSecret: given.credentialSecret,
    safeMode: given.safeMode,
    adminAuth: {
      tokenHeader: 'x-balai-editor',
      tokens: async (pass: string) => {
        const user = readEditorPass(given.link.token, pass)
        return user && { username: user.name, account: user.account, permissions: user.writes ? '*' : 'read' }
      },
      users: async () => null,
    },
    nodesExcludes: [...shut, ...never.filter((file) => !ofTls.includes(file))],
    externalModules: {
      autoInstall: false,
      palette: { allowInstall: false, allowUpdate: false, allowUpload: false },
      modules: { allowInstall: false },
    },
    functionExternalModules: false,
    functionTimeout: 3,
    globalFunctionTimeout: 3,
    debugMaxLength: 1_000,
    apiMaxLength: '2mb',
    telemetry: { enabled: false, updateNotification: false },
    diagnostics: { enabled: false, ui: false },
    runtimeState: { enabled: true, ui: true },
    contextStorage: { default: { module: 'memory' } },
    exportGlobalContextKeys: false,
    lang: 'id',
    logging: {
      console: { level: 'off', metrics: false, audit: false },
      box: {
        level: 'warn',
        metrics: false,
        audit: false,
        handler: () => (entry: { level: number; msg: unknown }) => {
          const text = entry.msg instanceof Error ? entry.msg.message : String(entry.msg)
          if (entry.level <= errorLevel) given.onError(text)
        },
      },
    },
    editorTheme: {
      page: { title: 'Balai: Flow' },
      header: { title: 'Balai: Flow' },
      tours: false,
      userMenu: false,
      projects: { enabled: false },
      multiplayer: { enabled: false },
      palette: { editable: false },
      codeEditor: { lib: 'ace' },
      mermaid: { enabled: false },
      menu: { 'menu-item-help': false, 'menu-item-keyboard-shortcuts': true },
    },
  }
}

/** Of Node-RED: 10 fatal, 20 error, 30 warn. */
const errorLevel = 20
