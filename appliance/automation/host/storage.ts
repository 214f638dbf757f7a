import type { Link } from './link.ts'

type Flows = { flows: string; credentials: string; settings: Record<string, unknown> }
type User = { account?: string }

/**
 * Where Node-RED keeps its flows: with the box, each deploy as a version with its author. Of its own it writes no file.
 * Node-RED saves credentials before the flows that they belong to; the two become one version.
 */
export function createStorage(link: Link) {
  let credentials = '{}'
  const read = () => link.ask<Flows>('GET', '/api/flows/host/flows')

  return {
    init: async () => {},

    async getFlows(): Promise<unknown> {
      return JSON.parse((await read()).flows)
    },

    async saveFlows(flows: unknown, user?: User): Promise<void> {
      await link.ask('POST', '/api/flows/host/flows', {
        flows: JSON.stringify(flows),
        credentials,
        author: user?.account ?? null,
      })
    },

    async getCredentials(): Promise<unknown> {
      credentials = (await read()).credentials
      return JSON.parse(credentials)
    },

    async saveCredentials(fresh: unknown): Promise<void> {
      credentials = JSON.stringify(fresh)
    },

    async getSettings(): Promise<unknown> {
      // A stored yes would win over the word that nothing is sent to anybody.
      const { telemetryEnabled: _, ...settings } = (await read()).settings
      return settings
    },

    async saveSettings(settings: object): Promise<void> {
      await link.ask('POST', '/api/flows/host/settings', settings)
    },

    // Who is logged in the box knows.
    getSessions: async () => null,
    saveSessions: async () => {},

    // Examples come with the nodes; a library of files there is none. Its root is asked for by either name.
    getLibraryEntry: async (_type: string, path: string) => {
      if (path === '/' || path === '') return []
      throw Object.assign(new Error('There is no such entry.'), { code: 'not_found' })
    },
    saveLibraryEntry: () => Promise.reject(new Error('A box keeps no library: save the flows as a file instead.')),
  }
}
