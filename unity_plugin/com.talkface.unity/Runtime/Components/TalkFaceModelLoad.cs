using System;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Threading;
using System.Threading.Tasks;
using UnityEngine;

namespace TalkFace.Unity
{
    /// <summary>
    /// A model that is opened on another thread: yield it in a coroutine, await it, or listen to Completed. It ends on the
    /// main thread, where all of it is used. Counts who holds the model; the last one closes it.
    /// </summary>
    public sealed class TalkFaceModelLoad : CustomYieldInstruction
    {
        private const int Running = 0;
        private const int Ended = 1;
        private const int GivenUp = 2;

        private readonly TaskCompletionSource<bool> end = new TaskCompletionSource<bool>();
        private readonly Task worker;
        private FaceModel opened;
        private Exception failure;
        private Action<TalkFaceModelLoad> completed;
        private int state;

        internal TalkFaceModelLoad(Func<FaceModel> open, bool background)
        {
            TalkFaceRuntime.Begin(this);
            if (!background)
            {
                Work(open);
                Poll();
                return;
            }
            SynchronizationContext main = SynchronizationContext.Current;
            worker = Task.Run(() =>
            {
                Work(open);
                if (main != null)
                {
                    main.Post(nothing => Poll(), null);
                }
            });
        }

        /// <summary>Called once on the main thread, at once when it is done already.</summary>
        public event Action<TalkFaceModelLoad> Completed
        {
            add
            {
                if (IsDone)
                {
                    value(this);
                }
                else
                {
                    completed += value;
                }
            }

            remove
            {
                completed -= value;
            }
        }

        /// <summary>It ended: the model is open, Error says why not, or it was given up.</summary>
        public bool IsDone { get; private set; }

        /// <summary>Why the model is not open, or null. OperationCanceledException: nobody wanted it any more.</summary>
        public Exception Error { get; private set; }

        /// <summary>Ends with the load; faulted when there is an Error.</summary>
        public Task Task
        {
            get { return end.Task; }
        }

        public override bool keepWaiting
        {
            get { return !Poll(); }
        }

        internal int Holders { get; set; }

        /// <summary>No other thread has to do with it any more.</summary>
        internal bool IsThrough
        {
            get { return IsDone && (worker == null || worker.IsCompleted); }
        }

        /// <summary>The open model, else null.</summary>
        internal FaceModel Model { get; private set; }

        /// <summary>It was given up, or its model is closed.</summary>
        internal bool IsClosed
        {
            get { return Error is OperationCanceledException || (Model != null && Model.IsDisposed); }
        }

        /// <summary>It has no model to give, and never will: whoever wants one begins anew.</summary>
        internal bool IsOver
        {
            get { return IsClosed || Error != null; }
        }

        public TaskAwaiter GetAwaiter()
        {
            return Task.GetAwaiter();
        }

        /// <summary>Takes over what the other thread made; true when it ended.</summary>
        internal bool Poll()
        {
            if (!IsDone && Volatile.Read(ref state) == Ended)
            {
                Finish(opened, failure);
            }
            return IsDone;
        }

        /// <summary>Blocks until it ends.</summary>
        /// <exception cref="TalkFaceException">the model cannot be opened; the message says why</exception>
        internal FaceModel Wait()
        {
            Join();
            Poll();
            return Result();
        }

        /// <summary>The open model, or the error thrown; once it is done.</summary>
        internal FaceModel Result()
        {
            if (Error != null)
            {
                ExceptionDispatchInfo.Capture(Error).Throw();
            }
            return Model;
        }

        /// <summary>Closes the model, or gives up waiting for it: the other thread closes it then.</summary>
        internal void Close()
        {
            if (Poll())
            {
                TalkFaceRuntime.Close(Model);
            }
            else if (Interlocked.CompareExchange(ref state, GivenUp, Running) == Running)
            {
                Finish(null, new OperationCanceledException("the model was given up while it was opened"));
            }
            else
            {
                Close();
            }
        }

        /// <summary>Blocks until the other thread is through.</summary>
        internal void Join()
        {
            if (worker != null)
            {
                worker.Wait();
            }
        }

        private void Work(Func<FaceModel> open)
        {
            try
            {
                opened = open();
            }
            catch (Exception error)
            {
                failure = error;
            }
            if (Interlocked.CompareExchange(ref state, Ended, Running) == GivenUp && opened != null)
            {
                opened.Dispose();
            }
        }

        private void Finish(FaceModel model, Exception error)
        {
            IsDone = true;
            Model = model;
            Error = error;
            if (model != null)
            {
                TalkFaceRuntime.Keep(model);
            }
            if (error == null)
            {
                end.SetResult(true);
            }
            else if (error is OperationCanceledException)
            {
                end.SetCanceled();
            }
            else
            {
                end.SetException(error);
            }
            Action<TalkFaceModelLoad> listeners = completed;
            completed = null;
            try
            {
                if (listeners != null)
                {
                    listeners(this);
                }
            }
            catch (Exception thrown)
            {
                Debug.LogException(thrown, null);
            }
        }
    }

    /// <summary>A component's share in a model asset: has it opened, waits, and gives it back to the asset it is of.</summary>
    internal sealed class ModelShare
    {
        private TalkFaceModelAsset asset;
        private TalkFaceModelLoad load;

        /// <summary>The model is being opened.</summary>
        public bool IsWaiting
        {
            get { return load != null && !load.IsDone; }
        }

        /// <summary>The model, or null while it is being opened; an error is thrown once. Allocates only to begin.</summary>
        public FaceModel Open(TalkFaceModelAsset from)
        {
            if (load == null || load.IsClosed)
            {
                Close();
                asset = from;
                load = from.Hold(from.OpenInBackground);
            }
            if (!load.Poll())
            {
                return null;
            }
            TalkFaceModelLoad ended = load;
            if (ended.Error != null)
            {
                Close();
            }
            return ended.Result();
        }

        public void Close()
        {
            if (load != null)
            {
                asset.Drop(load);
                load = null;
            }
        }
    }
}
