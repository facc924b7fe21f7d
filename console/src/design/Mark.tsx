/** The doorway arch: an outer and an inner stroke. The same drawing as favicon.svg. */
export function Mark({ size = 24, title }: { size?: number; title?: string }) {
  return (
    <svg
      className="ht-brand-mark"
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth={2}
      strokeLinecap="round"
      role={title ? "img" : undefined}
      aria-hidden={title ? undefined : true}
      aria-label={title}
    >
      <path d="M2 14.5V8a6 6 0 0 1 12 0v6.5" />
      <path d="M6 14.5V9a2 2 0 0 1 4 0v5.5" />
    </svg>
  );
}
