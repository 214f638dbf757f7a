import { parentPort, workerData } from 'node:worker_threads'
import Database from 'better-sqlite3'
import type { Answer } from './integrity.ts'

/* Reads the whole file by a connection of its own, beside the one that writes (WAL lets both). */

/** So many findings are told; a card that fails has thousands. */
const most = 20

function check(path: string): Answer {
  try {
    const db = new Database(path, { readonly: true })
    try {
      const rows = db.pragma(`integrity_check(${most})`) as { integrity_check: string }[]
      return { found: rows.map((row) => row.integrity_check).filter((finding) => finding !== 'ok') }
    } finally {
      db.close()
    }
  } catch (error) {
    const { code = '', message } = error as { code?: string; message: string }
    return { code, message }
  }
}

parentPort?.postMessage(check(workerData as string))
