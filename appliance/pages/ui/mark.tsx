/** The roof of the village hall. */
export const Mark = () => (
  <svg class="mark" viewBox="0 0 44 24" fill="currentColor" aria-hidden="true">
    <path d="M15 3h14l4 9h9l2 4H0l2-4h9z" />
    <path d="M6 18h3v6H6zM20 18h4v6h-4zM35 18h3v6h-3z" />
  </svg>
)
