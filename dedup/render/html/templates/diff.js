new Comparison(document.getElementById("comparison"), carried("view"));
