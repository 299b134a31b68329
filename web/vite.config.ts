import { fileURLToPath, URL } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

// What a first page needs is one file, what many pages share another, the rest is cut where pages differ: a file for
// each component made a page ask for a hundred of them.
const pieces = [
  { name: 'start', tags: ['$initial' as const] },
  { name: 'common', minShareCount: 12 },
  { name: 'shared', minShareCount: 2, entriesAware: true, entriesAwareMergeThreshold: 60_000 },
]

export default defineConfig({
  root: here('console'),
  base: '/console/',
  plugins: [react()],
  resolve: { alias: { '@kit': here('kit'), '@api': here('api'), '@console': here('console') } },
  // Python puts a fresh nonce into the page for every request; antd reads it from the meta tag Vite adds.
  html: { cspNonce: '__CSP_NONCE__' },
  build: {
    outDir: here('../huoke/app/static/console'),
    emptyOutDir: true,
    target: 'es2022',
    chunkSizeWarningLimit: 1_100,
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        codeSplitting: { groups: pieces },
        chunkFileNames: (chunk) => `assets/${chunk.name.split('~')[0]}-[hash].js`,
        assetFileNames: (asset) => `assets/${(asset.names[0] ?? 'file').split('~')[0]?.replace(/\.\w+$/, '')}-[hash][extname]`,
      },
    },
  },
  server: { proxy: { '/v1': 'http://127.0.0.1:8000' } },
  test: {
    root: here('.'),
    environment: 'happy-dom',
    // What a test imports is the same for all of them, and no test changes it.
    isolate: false,
    include: ['{console,kit,api}/**/*.test.{ts,tsx}'],
  },
})
