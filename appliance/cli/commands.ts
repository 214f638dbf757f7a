import type { Command } from './command.ts'

/** Loaded only when called: `balai verify` needs no web server. */
export const commands: Record<string, () => Promise<Command>> = {
  serve: async () => (await import('./serve.ts')).serve,
  hub: async () => (await import('./hub.ts')).hub,
  'hub-account': async () => (await import('./hub-account.ts')).hubAccount,
  agency: async () => (await import('./agency.ts')).agency,
  fleet: async () => (await import('./fleet.ts')).fleet,
  flows: async () => (await import('./flows.ts')).flows,
  demo: async () => (await import('./demo.ts')).demo,
  'setup-code': async () => (await import('./setup-code.ts')).setupCode,
  doctor: async () => (await import('./doctor.ts')).doctor,
  logs: async () => (await import('./logs.ts')).logs,
  network: async () => (await import('./network.ts')).network,
  update: async () => (await import('./update.ts')).update,
  verify: async () => (await import('./verify.ts')).verify,
  export: async () => (await import('./export.ts')).exportCommand,
  backup: async () => (await import('./backup.ts')).backup,
  restore: async () => (await import('./restore.ts')).restore,
  forget: async () => (await import('./forget.ts')).forget,
  conformance: async () => (await import('./conformance.ts')).conformance,
  completion: async () => (await import('./completion.ts')).completion,
  rebuild: async () => (await import('./rebuild.ts')).rebuild,
  openings: async () => (await import('./openings.ts')).openings,
}
