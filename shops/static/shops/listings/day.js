// Shows how a short day was understood: 12.10 becomes 12月10日 when the field is left.
import { plain } from "../pricing/price.js";

const SHORT = /^(\d{1,2})[-/.](\d{1,2})$/;

export default function day(root) {
  const form = root.closest("form");
  if (!document.documentElement.lang.startsWith("zh")) return;
  for (const name of ["harvest_until", "harvest_from"]) {
    form.elements[name]?.addEventListener("change", (event) => {
      const [, month, date] = SHORT.exec(plain(event.target.value)) ?? [];
      if (month > 0 && month < 13 && date > 0 && date < 32) event.target.value = `${Number(month)}月${Number(date)}日`;
    });
  }
}
