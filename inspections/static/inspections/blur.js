/* Frames that are dragged over a picture become fields of the form: left, top, right, bottom in thousandths. */
"use strict";
(() => {
  const form = document.getElementById("blur");
  const ground = form.querySelector(".blurring");
  const list = document.getElementById("areas");
  const undo = document.getElementById("undo");
  let start = null;
  let frame = null;
  const at = (event) => {
    const box = ground.getBoundingClientRect();
    const part = (value, size) => Math.round(Math.min(Math.max(value / size, 0), 1) * 1000);
    return [part(event.clientX - box.left, box.width), part(event.clientY - box.top, box.height)];
  };
  const area = (a, b) => [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[0], b[0]), Math.max(a[1], b[1])];
  const place = ([left, top, right, bottom]) => {
    Object.assign(frame.style, { left: `${left / 10}%`, top: `${top / 10}%`, width: `${(right - left) / 10}%`, height: `${(bottom - top) / 10}%` });
  };
  ground.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    start = at(event);
    frame = document.createElement("span");
    ground.append(frame);
    ground.setPointerCapture(event.pointerId);
  });
  ground.addEventListener("pointermove", (event) => start && place(area(start, at(event))));
  ground.addEventListener("pointerup", (event) => {
    const marked = area(start, at(event));
    start = null;
    if (marked[2] - marked[0] < 5 || marked[3] - marked[1] < 5) return frame.remove();
    const field = document.createElement("input");
    Object.assign(field, { type: "text", name: "area", value: marked.join(",") });
    list.prepend(field);
    undo.hidden = false;
  });
  undo.addEventListener("click", () => {
    ground.querySelector("span:last-of-type").remove();
    list.querySelector("input").remove();
    undo.hidden = !ground.querySelector("span");
  });
})();
