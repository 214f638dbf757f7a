/** Made by vite.config.ts: the messages of one page. Importing it installs them. */
declare module 'messages:*'
declare module '*.css'
