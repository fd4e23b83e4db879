// Prints the page for who presses the button.
"use strict";
document.getElementById("print").addEventListener("click", () => window.print());
