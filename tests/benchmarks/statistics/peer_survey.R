# The peer R survey, run by `peers`: a line of JSON in, a line of JSON out; it times itself.

suppressPackageStartupMessages(library(survey))

ITEMS <- paste0("q", 1:8)
numbers <- function(x) paste0("[", paste(sprintf("%.17g", as.numeric(x)), collapse = ","), "]")
table_of <- function(m) paste0("[", paste(apply(m, 1, numbers), collapse = ","), "]")

column <- function(folder, name, what, size) {
  file <- file.path(folder, paste0(name, ".raw"))
  readBin(file, what, n = file.size(file) / size, size = size, endian = "little")
}

load_rows <- function(folder) {
  codes <- sapply(c("company", "psu", "stratum", "sex", "age"), function(name) column(folder, name, "integer", 4),
                  simplify = FALSE)
  figures <- sapply(c("weight", "score", ITEMS), function(name) column(folder, name, "double", 8), simplify = FALSE)
  rows <- data.frame(codes, figures)
  for (name in c("company", "sex", "age")) rows[[name]] <- factor(rows[[name]])
  rows$stratum_factor <- factor(rows$stratum)
  design <<- svydesign(ids = ~psu, strata = ~stratum, weights = ~weight, data = rows)
  targets <- column(folder, "targets", "double", 8)
  population <<- list(data.frame(stratum_factor = factor(0:10), Freq = targets[1:11]),
                      data.frame(sex = factor(0:1), Freq = targets[12:13]),
                      data.frame(age = factor(0:3), Freq = targets[14:17]))
  ""
}

timed <- function(run, read) {
  start <- proc.time()
  found <- run()
  spent <- proc.time() - start
  list(wall = spent[["elapsed"]], cpu = spent[["user.self"]] + spent[["sys.self"]], words = read(found))
}

commands <- list(
  load = function(folder) list(wall = 0, cpu = 0, words = load_rows(folder)),
  version = function() {
    words <- sprintf('"version":"R %s.%s, survey %s"', R.version$major, R.version$minor, packageVersion("survey"))
    list(wall = 0, cpu = 0, words = words)
  },
  mean = function() timed(
    function() svyby(~score, ~company, design, svymean, covmat = TRUE),
    function(found) sprintf('"value":%s,"se":%s,"covariance":%s', numbers(coef(found)), numbers(SE(found)),
                            table_of(vcov(found)))),
  # without covariances between companies: svyby would add those between items as well, which nobody else computes
  items = function() timed(
    function() svyby(reformulate(ITEMS), ~company, design, svymean),
    function(found) {
      values <- as.matrix(found[, ITEMS])
      errors <- as.matrix(SE(found))
      one <- function(i) sprintf('{"value":%s,"se":%s}', numbers(values[, i]), numbers(errors[, i]))
      sprintf('"items":[%s]', paste(sapply(1:8, one), collapse = ","))
    }),
  rake = function() timed(
    function() rake(design, list(~stratum_factor, ~sex, ~age), population, control = list(maxit = 200, epsilon = 1e-10)),
    function(found) {
      w <- weights(found)
      margins <- lapply(c("stratum", "sex", "age"), function(name) tapply(w, design$variables[[name]], sum))
      sprintf('"squares":%.17g,"margins":%s', sum(w^2), numbers(unlist(margins)))
    })
)

input <- file("stdin")
open(input)
while (length(line <- readLines(input, 1)) > 0) {
  words <- strsplit(gsub('^\\[|\\]$|"', "", line), ", ")[[1]]
  answer <- tryCatch({
    found <- do.call(commands[[words[1]]], as.list(words[-1]))
    sprintf('{"wall":%.6f,"cpu":%.6f%s}', found$wall, found$cpu,
            if (nzchar(found$words)) paste0(",", found$words) else "")
  }, error = function(e) sprintf('{"error":"%s"}', gsub('["\n\\\\]', " ", conditionMessage(e))))
  cat(answer, "\n", sep = "")
  flush(stdout())
}
