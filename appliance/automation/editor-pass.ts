import { timingSafeEqual } from 'node:crypto'

/* How the box tells Node-RED who opens its editor: a header behind a secret that only these two know. Pure. */

export const editorHeader = 'x-balai-editor'

export type EditorUser = { account: string; name: string; writes: boolean }

export const editorPass = (secret: string, user: EditorUser): string =>
  `${secret}.${Buffer.from(JSON.stringify(user)).toString('base64url')}`

/** Who it is; null: this pass is not from the box. */
export function readEditorPass(secret: string, pass: string): EditorUser | null {
  const [said = '', user = ''] = pass.split('.')
  const [a, b] = [Buffer.from(said), Buffer.from(secret)]
  if (a.length !== b.length || !timingSafeEqual(a, b)) return null
  return JSON.parse(Buffer.from(user, 'base64url').toString()) as EditorUser
}
