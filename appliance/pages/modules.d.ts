/** Made by vite.config.ts: the messages of one page. Importing it installs them. */
declare module 'messages:*' {
  /** Of a group that comes later (`messages:kiosk+survey`): its words are here in the language that is shown. */
  export const ready: Promise<void>
}
/** Made by vite.config.ts: the pages that the home page leads to. */
declare module 'rooms:home' {
  export const links: readonly string[]
}
declare module '*.css'
/** Made by vite: what starts the shared worker of this file. */
declare module '*?sharedworker'
/** Made by vite.config.ts: the words of the page that a phone keeps, by language. */
declare module 'words:keep' {
  export const texts: Readonly<Record<'id' | 'en', Readonly<Record<string, string>>>>
}
