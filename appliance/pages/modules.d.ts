/** Made by vite.config.ts: the messages of one page. Importing it installs them. */
declare module 'messages:*'
/** Made by vite.config.ts: the pages that the home page leads to. */
declare module 'rooms:home' {
  export const links: readonly string[]
}
declare module '*.css'
/** Made by vite: what starts the shared worker of this file. */
declare module '*?sharedworker'
