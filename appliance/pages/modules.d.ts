/** Made by vite.config.ts: the messages of one page. Importing it installs them. */
declare module 'messages:*'
declare module '*.css'
/** Made by vite: what starts the shared worker of this file. */
declare module '*?sharedworker'
