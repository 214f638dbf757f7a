/** The house's mark for the head of a page. */
export const roof =
  '<svg viewBox="0 0 44 24" fill="#0b6b6b"><path d="M15 3h14l4 9h9l2 4H0l2-4h9z"/><path d="M6 18h3v6H6zM20 18h4v6h-4zM35 18h3v6h-3z"/></svg>'
