import type { PriorityGroup } from '../../screens/desk-view.ts'

/* People as signs show them, for whoever does not read: drawn here, since icon sets know few of them. 24 × 24, stroke. */

const paths: Record<PriorityGroup, string> = {
  elderly:
    'M9 2.6a1.9 1.9 0 1 0 .01 0M10.5 8.2 9.5 14l3 2.6.7 5M9.5 14l-2 7.6M6.6 12.5l.9-3 3-1.3 2.5 2.8 2.7.7M17.5 21.6V11.7',
  'pregnant-nursing':
    'M11 2.6a1.9 1.9 0 1 0 .01 0M9.4 21.6v-6.3H9c-.3-3 .2-5.4 2-7 2 0 2.5 1.7 2.7 3 2.3.3 3 3.7.3 4.7h-1v5.6',
  disabled: 'M11 2.6a1.9 1.9 0 1 0 .01 0M11 8.2v5.6h5l2.5 5.8M11 10.5h4.5M8.6 11.6a5.2 5.2 0 1 0 6.6 6.8',
  child:
    'M8 2.6a1.9 1.9 0 1 0 .01 0M8 8.2v6.4l-1.8 7M8 14.6l1.8 7M4.6 13.5 8 8.6l5.6 6M16.5 9.6a1.6 1.6 0 1 0 .01 0M16.5 14.6v3.5l-1.2 3.5M16.5 18.1l1.2 3.5M13.6 14.6h2.9l3 2.2',
  'disaster-victim':
    'M3.5 10.5 12 3.5l8.5 7M6 9.5V15M18 9.5V15M10 15v-4h4v4M3 19c1.5-1.6 3-1.6 4.5 0s3 1.6 4.5 0 3-1.6 4.5 0 3 1.6 4.5 0',
}

export function Pictogram({ of }: { of: PriorityGroup }) {
  return (
    <svg class="icon pictogram" viewBox="0 0 24 24" aria-hidden="true">
      <path d={paths[of]} />
    </svg>
  )
}
