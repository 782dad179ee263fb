new Comparison(document.getElementById("comparison"), embedded("view"));
