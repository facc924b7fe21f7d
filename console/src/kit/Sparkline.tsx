/** A trend without axes, drawn as SVG; gaps stay gaps. Decoration beside a number that says the same. */
interface SparklineProps {
  values: readonly (number | null)[];
  label: string;
  width?: number;
  height?: number;
}

const PADDING = 2;

export function sparklinePath(values: readonly (number | null)[], width: number, height: number): string {
  const known = values.filter((value): value is number => value !== null);
  if (known.length === 0) return "";
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const stepX = values.length > 1 ? (width - 2 * PADDING) / (values.length - 1) : 0;
  const y = (value: number) =>
    high === low ? height / 2 : PADDING + (1 - (value - low) / (high - low)) * (height - 2 * PADDING);
  let pen = false;
  const commands: string[] = [];
  values.forEach((value, index) => {
    if (value === null) {
      pen = false;
      return;
    }
    commands.push(`${pen ? "L" : "M"}${(PADDING + index * stepX).toFixed(1)} ${y(value).toFixed(1)}`);
    pen = true;
  });
  return commands.join("");
}

export function Sparkline({ values, label, width = 96, height = 28 }: SparklineProps) {
  return (
    <svg className="ht-sparkline" viewBox={`0 0 ${width} ${height}`} width={width} height={height} role="img" aria-label={label} fill="none">
      <path d={sparklinePath(values, width, height)} strokeWidth={1.5} strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  );
}
