"""The root of every exception that tocsin raises for what a user wrote or asked.

    TocsinError
      CaseError                a case has faults; carries all of them   (case/faults.py)
        ReadError              the text is not a case: syntax, types, unknown keys
        CheckError             the text is a case, but what it says cannot be
      VariantError             a view that the case has not, or cannot have   (case/variant.py)
      EditError                a change that cannot be written into a case's files (case/edit/patch.py)
      ScoreError               what was given cannot be scored               (score/inputs.py)
      CrowdDataError           no crowd forecasts that can be read           (events/backtest/crowd.py)
      HistoryError             the historical data lack a file or a column    (events/history.py)
      PrecedentsError          a question that the case does not have         (ask/precedents.py)
      TooLittleHistoryError    too few past crises to forecast any            (events/backtest/crises)
      FeedError                a file of events is not what its format says  (events/feeds.py)
      EventStoreError          a store of events cannot be used              (events/store.py)
      LadderError              a table of rungs, or a scheme it lacks        (events/ladder.py)
      DictionaryError          a dictionary of actors, or an actor it lacks  (events/actors.py)
      ConfusionError           a matrix that is none, or a feed without one  (events/confusion.py)
      PostureError             events cannot answer about a posture          (events/postures.py)
      ExportError              a table cannot be written                     (events/export.py)
      SourceError              a case's source cannot be filled from a store (ask/feeds.py)
      AskError                 what was asked for cannot be answered        (ask/inferred.py)
        OptionsError           levers or a budget that cannot be asked about (ask/options)
        WhatIfError            a change that cannot be made                 (ask/whatif)
          FullRunError         one that only a full run answers
      NoSolutionError          a programme of the collection game fails      (ask/collect/commitment.py)
      PostmortemError          a repaired case that cannot be explained      (ask/postmortem/losses.py)
      DegenerateWeightsError   no particle explains what was reported       (infer/filter.py)
      CancelledError           a run was cancelled before it was done       (infer/work.py)
      LedgerError              a ledger refuses                             (ledger/errors.py)
        StoreError             it cannot be opened, read or written
        EntryError             what was to be entered cannot be
        ChainError             its rows are not the ones that were written

Faults of our own making raise `AssertionError` or Python's own errors instead.
"""


class TocsinError(Exception):
    """Anything that a user can mend; a caller that catches this one catches them all."""
